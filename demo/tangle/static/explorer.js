// Follows the Tangle: asks for the page again every two seconds and puts in what has changed, and only that, so that
// an opened message stays open and a selection stays selected.
const every = 2000;

const withoutState = (node) => {
  const copy = node.cloneNode(true);
  for (const details of [copy, ...copy.querySelectorAll("details")]) details.removeAttribute("open");
  copy.classList.remove("new");
  return copy.outerHTML;
};

const followList = (list, newest) => {
  const known = new Map([...list.children].map((item) => [item.id, item]));
  const items = [...newest.children].map((item) => {
    const old = known.get(item.id);
    if (!old) {
      item.classList.add("new");
      return item;
    }
    if (withoutState(old) === withoutState(item)) return old;
    const open = [...old.querySelectorAll("details")].map((details) => details.open);
    item.querySelectorAll("details").forEach((details, i) => (details.open = open[i] ?? details.open));
    return item;
  });
  list.replaceChildren(...items);
};

const follow = (page) => {
  document.getElementById("overview").replaceWith(page.getElementById("overview"));
  const lists = document.querySelectorAll("main ol");
  const newest = page.querySelectorAll("main ol");
  if (lists.length && lists.length === newest.length) {
    lists.forEach((list, i) => followList(list, newest[i]));
  } else {
    document.getElementById("content").replaceWith(page.getElementById("content"));
  }
};

let tag = null;

const ask = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    document.body.classList.toggle("offline", !(answer.ok || answer.status === 304));
    if (!answer.ok) return;
    tag = answer.headers.get("ETag");
    follow(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    document.body.classList.add("offline");
  }
};

if ("live" in document.body.dataset) {
  setInterval(ask, every);
  document.addEventListener("visibilitychange", ask);
}
