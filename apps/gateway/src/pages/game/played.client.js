// The play is made and its result in the page: the card is the fun of it. Without this script nothing covers the result.
(() => {
  const game = document.getElementById('game');
  const open = () => {
    card.open(game.dataset.says);
  };
  const card = scratchCard({ begin() {}, enough: open });
  document.getElementById('scratch').addEventListener('click', open);
})();
