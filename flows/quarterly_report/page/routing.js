// Which view is shown, as the address says; menu, keys and theme.

const heading = (text) => el('h2', {tabindex: -1, id: 'h-view'}, text);
const left = new Map();
let at = location.hash;
let forward = false;
const title = document.title;

function drawn(parts) {
  view.textContent = '';
  put(view, parts);
  view.setAttribute('aria-labelledby', 'h-view');
  return view;
}

function target(hash) {
  const [, kind, first, second] = hash.split('/').map(decodeURIComponent);
  if (kind === 'unit' && data().unitName.has(first) && first !== data().district) return drawn(unitView(first));
  if (kind === 'number' && record(first, second)) return drawn(numberView(first, second));
  const found = document.getElementById(hash.slice(1));
  return (found && found.closest('section.page')) || document.getElementById('/overview');
}

function show() {
  const section = target(location.hash || '#/overview');
  for (const each of document.querySelectorAll('section.page')) {
    each.classList.toggle('current', each === section);
  }
  view.hidden = section !== view;
  root.classList.toggle('viewing', section === view);
  for (const link of nav.querySelectorAll('a')) {
    if (link.getAttribute('href') === `#${section.id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  root.dataset.shown = location.hash;
  document.title = `${section.querySelector('h2').textContent} - ${title}`;
  return section;
}

function open_menu(open) {
  nav.classList.toggle('open', open);
  menu.setAttribute('aria-expanded', String(open));
}

function go_to(hash) {
  left.set(at, {y: window.scrollY, href: hash});
  forward = true;
  location.hash = hash;
}

function moved() {
  // A plain anchor, as that of the skip link, is the browser's own affair.
  if (location.hash && !location.hash.startsWith('#/')) return;
  const section = show();
  const before = forward ? null : left.get(location.hash);
  at = location.hash;
  forward = false;
  open_menu(false);
  const link = before && Array.from(section.querySelectorAll('a')).find((each) =>
    each.getAttribute('href') === before.href);
  (link || section.querySelector('h2')).focus({preventScroll: true});
  window.scrollTo(0, before ? before.y : 0);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest && event.target.closest('a[href^="#/"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  left.set(at, {y: window.scrollY, href: link.getAttribute('href')});
  forward = link.getAttribute('href') !== location.hash;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  if (nav.classList.contains('open')) { open_menu(false); menu.focus(); }
  else if (left.size) history.back();
  else if (location.hash && location.hash !== '#/overview') go_to('#/overview');
});
window.addEventListener('hashchange', moved);
history.scrollRestoration = 'manual';

// ---- Theme

const theme = document.getElementById('theme');
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches);
const label = () => { theme.textContent = isDark() ? '浅色显示' : '深色显示'; };
theme.addEventListener('click', () => {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  label();
  try { localStorage.setItem('minzheng-theme', root.dataset.theme); } catch (error) { /* not kept */ }
});
dark.addEventListener('change', label);
label();
menu.addEventListener('click', () => open_menu(!nav.classList.contains('open')));
theme.hidden = false;
menu.hidden = false;
show();
