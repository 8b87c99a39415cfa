// A button that copies the text of a field; without this file one selects it by hand. The words stay in the field.

document.querySelectorAll("[data-copy]").forEach((button) => {
  const text = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[data-copy-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      return; // the text stands selected: the phone's own menu copies it
    }
    button.querySelector("span").textContent = button.dataset.copied;
    said.textContent = button.dataset.copied;
  });
});
