// The browser's own list of choices: it works by keyboard, by touch and in the system's colours.
const select = element.querySelector("select");
select.value = props.value;
select.addEventListener("change", () => {
  props.value = select.value;
});
watch("value", () => {
  select.value = props.value;
});
onLanguage(() => relabel(element.querySelectorAll("[data-text]")));
