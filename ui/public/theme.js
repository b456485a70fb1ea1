// Runs before the first paint, so that a dark console does not flash white while its code loads.
(function () {
  var choice = 'system';
  try {
    choice = JSON.parse(localStorage.getItem('vedette.preferences') || '{}').theme || 'system';
  } catch {
    // Storage is blocked or holds something else: follow the system.
  }
  var dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
