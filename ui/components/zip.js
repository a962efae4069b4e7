// A zip archive of stored files (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16).
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// files: [{ name, bytes }] -> Blob
function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  const numbers = (...fields) => {
    const bytes = [];
    for (const [value, size] of fields) for (let shift = 0; shift < size; shift++) bytes.push((value / 2 ** (8 * shift)) & 255);
    return new Uint8Array(bytes);
  };
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name);
    const common = [[20, 2], [0, 2], [0, 2], [0, 2], [33, 2], [crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4], [path.length, 2], [0, 2]];
    const head = numbers([0x04034b50, 4], ...common);
    directory.push(numbers([0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), path);
    parts.push(head, path, bytes);
    offset += head.length + path.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
