// What the tab shows is loaded when it is first opened: its digits come then, as the value.
const root = element.querySelector(".inside");
const base = new URL(root.dataset.base, document.baseURI);
let main = null;

async function show() {
  if (!props.value) return;
  try {
    main ??= await import(new URL("main.js", base));
    await main.show(root, base, props.value);
  } catch (error) {
    main = null; // the next time it is opened, it is tried again
    root.textContent = String(error);
  }
}
watch("value", show);
show();
