// Making elements, and buttons that do one thing at a time. Text goes in as text, never as markup.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

export const byId = (id) => document.getElementById(id);

export const plural = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

export const isOff = (button) => button.getAttribute("aria-disabled") === "true";

// Buttons that are off keep the focus, which the attribute `disabled` would take away.
export function turnOff(button, off) {
  if (off) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

// Do something that these buttons are for. While it is under way they do nothing more.
export async function oneAtATime(buttons, work) {
  if (buttons.some(isOff)) return;
  buttons.forEach((one) => turnOff(one, true));
  await work();
  buttons.forEach((one) => turnOff(one, false));
}

// Move the focus to something that is no control, and leave what is in view in view.
export function focusOn(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
