// Shows new messages as they come, unless someone is reading one of them opened up.
(() => {
  const list = () => document.getElementById('messages');
  setInterval(async () => {
    if (document.hidden || document.querySelector('details[open]')) return;
    try {
      const answer = await fetch(location.href, { cache: 'no-store' });
      const next = new DOMParser()
        .parseFromString(await answer.text(), 'text/html')
        .getElementById('messages');
      if (!answer.ok || !next || next.dataset.version === list().dataset.version) return;
      list().replaceWith(document.adoptNode(next));
      document.getElementById('said').textContent = 'New messages';
    } catch {
      // Not now; the next round asks again.
    }
  }, 2000);
})();
