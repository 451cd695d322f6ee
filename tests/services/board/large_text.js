// Doubles the size of the text alone, and gives what is no larger then, is cut off, or makes the page scroll sideways.
() => {
  const root = document.documentElement;
  const named = (each) => each.tagName.toLowerCase() + (each.id ? "#" + each.id : "." + each.className);
  const size = (each) => parseFloat(getComputedStyle(each).fontSize);
  const says = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const hides = ({ overflowX, overflowY }) => [overflowX, overflowY].some((each) => ["hidden", "clip"].includes(each));
  const shown = [...document.body.querySelectorAll("*")].filter((each) => each.checkVisibility() && each.clientWidth > 1);
  const before = new Map(shown.filter(says).map((each) => [each, size(each)]));
  root.style.fontSize = "200%";
  const cut = (each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
  const found = [
    ...[...before].filter(([each, was]) => size(each) < 1.9 * was).map(([each]) => "no larger: " + named(each)),
    ...shown.filter((each) => hides(getComputedStyle(each)) && cut(each)).map((each) => "cut off: " + named(each)),
    ...(root.scrollWidth > root.clientWidth ? ["scrolls sideways"] : []),
  ];
  root.style.removeProperty("font-size");
  return found;
}
