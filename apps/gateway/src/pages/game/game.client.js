// Turns the form into a card that is scratched. What is under it is asked for when scratching begins, so there is
// nothing in the page to peep at; the button, and without this script the form, do the same at once.
(() => {
  const byId = (id) => document.getElementById(id);
  const [form, field, cover, prize, button] = ['play', 'field', 'cover', 'prize', 'scratch'].map(byId);
  const context = cover.getContext('2d');
  if (!context) return;
  const [columns, rows] = [16, 10];
  const enough = 0.45;
  const touched = new Set();
  let asked = null;
  let result = null;
  let last = null;
  let painted = 0;

  field.hidden = false;
  paint();
  addEventListener('resize', () => touched.size === 0 && paint());

  function paint() {
    const { width, height } = cover.getBoundingClientRect();
    painted = height;
    const scale = devicePixelRatio || 1;
    cover.width = Math.round(width * scale);
    cover.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const { backgroundColor, color } = getComputedStyle(button);
    context.fillStyle = backgroundColor;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 0.12;
    context.strokeStyle = color;
    context.lineWidth = 10;
    for (let x = -height; x < width; x += 28) {
      context.beginPath();
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** Asks once; after a failure, once more when she tries again. */
  function ask() {
    asked ??= fetch(form.action + location.search, {
      method: 'POST',
      headers: { accept: 'application/json' },
    })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((answer) => {
        result = answer;
        prize.innerHTML = answer.html;
        byId('trouble').hidden = true;
        uncoverWhenEnough();
      })
      .catch(() => {
        asked = null;
        touched.clear();
        paint();
        byId('trouble').hidden = false;
        byId('said').textContent = byId('trouble').textContent;
      });
    return asked;
  }

  function uncoverWhenEnough() {
    if (result && touched.size >= columns * rows * enough) uncover();
  }

  function uncover() {
    if (field.classList.contains('done')) return;
    field.classList.add('done');
    byId('game').dataset.state = result.state;
    prize.removeAttribute('aria-hidden');
    const focused = document.activeElement === button;
    button.hidden = byId('invite').hidden = true;
    byId('said').textContent = result.says;
    // The button that had the focus is gone.
    if (focused) byId('result').focus();
  }

  function scratch(event) {
    const box = cover.getBoundingClientRect();
    // A long prize may stretch the card, and what is painted on it.
    const [x, y] = [event.clientX - box.left, ((event.clientY - box.top) * painted) / box.height];
    context.globalCompositeOperation = 'destination-out';
    context.lineWidth = 44;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...(last || [x, y]));
    context.lineTo(x + 0.01, y);
    context.stroke();
    context.globalCompositeOperation = 'source-over';
    touch(last || [x, y], [x, y], box.width);
    last = [x, y];
    uncoverWhenEnough();
  }

  /** Marks the parts of the field that the stroke went over. */
  function touch([fromX, fromY], [toX, toY], width) {
    const steps = Math.ceil(Math.hypot(toX - fromX, toY - fromY) / 8) + 1;
    for (let step = 0; step <= steps; step++) {
      const x = fromX + ((toX - fromX) * step) / steps;
      const y = fromY + ((toY - fromY) * step) / steps;
      for (const [dx, dy] of [
        [0, 0],
        [-16, 0],
        [16, 0],
        [0, -16],
        [0, 16],
      ]) {
        const column = Math.floor(((x + dx) / width) * columns);
        const row = Math.floor(((y + dy) / painted) * rows);
        if (column >= 0 && column < columns && row >= 0 && row < rows) touched.add(row * columns + column);
      }
    }
  }

  cover.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    cover.setPointerCapture(event.pointerId);
    last = null;
    ask();
    scratch(event);
  });
  cover.addEventListener(
    'pointermove',
    (event) => cover.hasPointerCapture(event.pointerId) && scratch(event),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask().then(() => result && uncover());
  });
})();
