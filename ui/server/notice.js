// Gradio's page shows nothing when a request outside the queue is refused. This shows the server's sentence, and sends
// a request that came too fast again when the server allows it.
() => {
  const ask = window.fetch;
  const box = document.createElement("div");
  box.id = "notice";
  box.setAttribute("role", "alert");
  Object.assign(box.style, {
    position: "fixed", insetInline: "0", bottom: "1.5rem", zIndex: "1000", width: "fit-content", maxWidth: "90vw",
    margin: "0 auto", padding: "0.75rem 1.25rem", borderRadius: "0.75rem", display: "none",
    background: "var(--body-text-color)", color: "var(--body-background-fill)",
  });
  document.body.append(box);
  let timer = null;

  function show(sentence) {
    box.textContent = sentence;
    box.style.display = "block";
    clearTimeout(timer);
    timer = setTimeout(() => Object.assign(box.style, { display: "none" }), 8000);
  }

  window.fetch = async (...request) => {
    let answer = await ask(...request);
    if (!String(request[0]).includes("/gradio_api/run/")) return answer;
    for (let tries = 0; !answer.ok; tries++) {
      const { error } = await answer.clone().json().catch(() => ({}));
      if (error) show(error);
      if (answer.status !== 429 || tries === 5) break;
      await new Promise((wake) => setTimeout(wake, 1000 * (Number(answer.headers.get("Retry-After")) || 1)));
      answer = await ask(...request);
    }
    return answer;
  };
}
