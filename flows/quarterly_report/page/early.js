// Before the first paint: sections are shown one at a time, in the theme that was chosen last.
(function () {
  'use strict';
  const root = document.documentElement;
  root.className = 'js';
  try {
    const theme = localStorage.getItem('minzheng-theme');
    if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
  } catch (error) {
    // A page from a disk may have no storage: it follows the system's theme.
  }
})();
