// Keeps an open page (a coupon's, a card's) true: hears of a change, fetches the page again and puts the new face in
// the old one's place. Without this script the page is the same, as of its loading.
(() => {
  const byId = (id) => document.getElementById(id);
  const here = location.pathname;
  let source = null;
  let again = 0;
  let patience = 1000;

  async function refresh() {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
    if (answer.status === 404) return location.reload();
    if (!answer.ok) return later();
    // Its styles are read in this page, under this page's policy.
    const nonce = `nonce="${byId('style-0').nonce}"`;
    const text = (await answer.text()).replace(/nonce="[^"]*"/g, nonce);
    const next = new DOMParser().parseFromString(text, 'text/html');
    const [old, fresh] = [byId('face'), next.getElementById('face')];
    if (!fresh || fresh.dataset.version === old.dataset.version) return;
    // This page's policy names the origin that its pictures may come from.
    if (fresh.dataset.image !== old.dataset.image) return location.reload();
    byId('style-1').textContent = next.getElementById('style-1').textContent;
    document.title = next.title;
    if (fresh.dataset.state !== old.dataset.state) fresh.classList.add('flipped');
    if (fresh.dataset.says !== old.dataset.says) byId('said').textContent = fresh.dataset.says;
    old.replaceWith(document.adoptNode(fresh));
    hideBrokenPictures();
  }

  function later() {
    clearTimeout(again);
    again = setTimeout(connect, patience * (0.75 + Math.random() / 2));
    patience = Math.min(patience * 2, 20000);
  }

  function connect() {
    disconnect();
    if (document.hidden) return;
    source = new EventSource(here + '/events');
    source.addEventListener('open', () => {
      byId('live').hidden = false;
      patience = 1000;
    });
    source.addEventListener('state', (event) => {
      if (JSON.parse(event.data).version !== byId('face').dataset.version) refresh().catch(later);
    });
    source.addEventListener('error', () => {
      byId('live').hidden = true;
      // The browser reconnects by itself, unless it was refused: then the page asks, now and again.
      if (source && source.readyState === EventSource.CLOSED) {
        refresh().catch(() => {});
        later();
      }
    });
  }

  function disconnect() {
    clearTimeout(again);
    if (source) source.close();
    source = null;
    byId('live').hidden = true;
  }

  function hideBrokenPictures() {
    for (const image of document.images) image.addEventListener('error', () => image.remove());
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', connect);
  addEventListener('online', connect);
  const tick = () => {
    byId('clock').textContent = new Date().toLocaleTimeString(document.documentElement.lang, {
      hourCycle: 'h23',
    });
  };
  tick();
  setInterval(tick, 1000);
  hideBrokenPictures();
})();
