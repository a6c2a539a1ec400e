// A card that is scratched: a canvas over #field, until enough of it is gone or #scratch is pressed. Null where nothing
// can be drawn. `begin` is told when scratching begins, `enough` whenever enough is gone.
// oxlint-disable-next-line no-unused-vars -- called by the scripts that this one is put before.
function scratchCard({ begin, enough }) {
  const byId = (id) => document.getElementById(id);
  const [field, cover, prize, button] = ['field', 'cover', 'prize', 'scratch'].map(byId);
  const context = cover.getContext('2d');
  if (!context) return null;
  const [columns, rows] = [16, 10];
  const share = 0.45;
  const touched = new Set();
  let last = null;
  let painted = 0;

  field.hidden = cover.hidden = button.hidden = byId('invite').hidden = false;
  prize.setAttribute('aria-hidden', 'true');
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
    if (isEnough()) enough();
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

  const isEnough = () => touched.size >= columns * rows * share;

  cover.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    cover.setPointerCapture(event.pointerId);
    last = null;
    begin();
    scratch(event);
  });
  cover.addEventListener(
    'pointermove',
    (event) => cover.hasPointerCapture(event.pointerId) && scratch(event),
  );

  return {
    isEnough,
    cover() {
      touched.clear();
      paint();
    },
    /** Uncovers the result and reads it out. */
    open(says) {
      if (field.classList.contains('done')) return;
      field.classList.add('done');
      prize.removeAttribute('aria-hidden');
      const focused = document.activeElement === button;
      button.hidden = byId('invite').hidden = true;
      byId('said').textContent = says;
      // The button that had the focus is gone.
      if (focused) byId('result').focus();
    },
  };
}
