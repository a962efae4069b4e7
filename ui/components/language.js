// The texts of a component in the page's language.
const languages = JSON.parse(element.querySelector("[data-texts]").dataset.texts);

function texts() {
  // Gradio writes the browser's own code there, such as zh-CN.
  const spoken = document.documentElement.lang.toLowerCase();
  return languages[Object.keys(languages).find((code) => spoken.startsWith(code)) ?? "en"];
}

// What stands between backticks is code.
function pieces(text) {
  return text.split("`").map((piece, place) => (place % 2 ? Object.assign(document.createElement("code"), { textContent: piece }) : piece));
}

function relabel(parts) {
  for (const part of parts) {
    const text = texts()[part.dataset.text];
    if (part.tagName === "CANVAS" || part.tagName === "INPUT") part.setAttribute("aria-label", text);
    else part.replaceChildren(...pieces(text));
    // A button that shows an icon tells its name to the mouse, too.
    if (part.classList.contains("unseen")) part.parentElement.title = text;
  }
}

function onLanguage(say) {
  new MutationObserver(say).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  say();
}
