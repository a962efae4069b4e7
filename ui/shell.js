// Runs before Gradio's scripts: the visitor's language and colours are there from the first paint on.
(() => {
  const titles = TITLES;
  const taglines = TAGLINES;
  const beginnings = BEGINNINGS; // language -> component -> its properties
  const store = {
    get: () => { try { return localStorage.getItem("language"); } catch { return null; } },
    set: (code) => { try { localStorage.setItem("language", code); } catch { /* forbidden: it isn't kept */ } },
  };
  const codes = Object.keys(titles);
  const spoken = [store.get(), ...navigator.languages].map((name) => (name ?? "").toLowerCase());
  const root = document.documentElement;
  let language = spoken.map((name) => codes.find((code) => name.startsWith(code))).find(Boolean) ?? codes[0];

  function show() {
    if (root.lang !== language) root.lang = language;
    if (document.title !== titles[language]) document.title = titles[language];
  }
  window.keepLanguage = (code) => {
    language = code;
    store.set(code);
    show();
    return [code];
  };
  // Gradio writes the browser's own language there when it starts.
  new MutationObserver(show).observe(root, { attributes: true, attributeFilter: ["lang"] });
  show();

  root.classList.toggle("has-tool", window.gradio_config.mcp_server);
  window.gradio_config.title = titles[language];
  for (const component of window.gradio_config.components) Object.assign(component.props, beginnings[language]?.[component.id]);

  // What is painted before Gradio's scripts have come.
  window.paintFirst = () => {
    const asked = new URL(location).searchParams.get("__theme");
    document.body.classList.toggle("dark", asked ? asked === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
    const [title, tagline] = document.querySelectorAll("#first > p");
    title.textContent = titles[language];
    tagline.textContent = taglines[language];
  };
  // The parts that Gradio puts in one after the other are shown together, once the pad takes strokes.
  const parts = ["#language input", "#pad canvas[data-ready]", "#examples img", "#seen .seen", "#model select", "#compare input", ".privacy"];
  const ready = () => root.classList.add("is-ready");
  (function look() {
    if (!parts.every((part) => document.querySelector(part))) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(ready));
  })();
  setTimeout(ready, 60000);
})();
