// Questions to the server: one endpoint, and never two of a kind at once.
export function askAt(address, page) {
  // Without a name of the visit Gradio makes a new state for each question, which takes it longer than most answers.
  const visit = Math.random().toString(36).slice(2);
  return async function ask(question) {
    try {
      const response = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ data: [question], session_hash: visit }) });
      const answer = await response.json();
      return response.ok ? answer.data[0] : { problem: answer.error ?? page.t("failed") };
    } catch {
      return { problem: page.t("failed") };
    }
  };
}

// While one question is on its way, of those that come only the last is asked next.
export function latest(ask, use) {
  let isAsking = false;
  let next = null;
  return async function request(question) {
    next = question;
    if (isAsking) return;
    isAsking = true;
    while (next) {
      const asked = next;
      next = null;
      use(await ask(asked), asked);
    }
    isAsking = false;
  };
}
