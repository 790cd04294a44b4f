// A part of the page that says how far something is keeps itself up to date, as long as it is marked as live.
(() => {
  const renew = async () => {
    const shown = document.querySelector('[data-live]');
    if (shown === null) return;
    const again = () => setTimeout(renew, Number(shown.dataset.live) * 1000);
    if (document.hidden || shown.contains(document.activeElement)) return void again();
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = next.getElementById(shown.id);
      if (!answer.ok || fresh === null) return void again();
      shown.replaceWith(document.adoptNode(fresh));
      // What can be done has changed with its end.
      if (!('live' in fresh.dataset)) location.reload();
      else setTimeout(renew, Number(fresh.dataset.live) * 1000);
    } catch {
      again();
    }
  };
  const first = document.querySelector('[data-live]');
  if (first !== null) setTimeout(renew, Number(first.dataset.live) * 1000);
})();
