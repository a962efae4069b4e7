// A program's button copies it; where the browser forbids that, it is selected.
element.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copied]");
  if (!button) return;
  const program = button.closest("div").querySelector("pre");
  try {
    await navigator.clipboard.writeText(program.textContent);
    const before = button.textContent;
    if (before === button.dataset.copied) return;
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = before), 2000);
  } catch {
    getSelection().selectAllChildren(program);
  }
});
