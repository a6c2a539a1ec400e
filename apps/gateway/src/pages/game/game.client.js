// Turns the form into a card that is scratched. What is under it is asked for when scratching begins, so there is
// nothing in the page to peep at; the button, and without this script the form, do the same at once.
(() => {
  const byId = (id) => document.getElementById(id);
  const [form, game, prize, trouble] = ['play', 'game', 'prize', 'trouble'].map(byId);
  let asked = null;
  let result = null;
  const card = scratchCard({ begin: ask, enough: uncover });
  if (!card) return;

  /** Asks once; after a failure, once more when they try again. */
  function ask() {
    asked ??= fetch(form.action, { method: 'POST', headers: { accept: 'application/json' } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((answer) => {
        result = answer;
        prize.innerHTML = answer.html;
        trouble.hidden = true;
        if (card.isEnough()) uncover();
      })
      .catch(() => {
        asked = null;
        card.cover();
        trouble.hidden = false;
        byId('said').textContent = trouble.textContent;
      });
    return asked;
  }

  function uncover() {
    if (!result) return;
    game.dataset.state = result.state;
    card.open(result.says);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask().then(uncover);
  });
})();
