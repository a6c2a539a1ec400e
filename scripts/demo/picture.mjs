const barWidth = 40;
const columns = [
  ['campaign', ({ campaign }) => campaign],
  ['source', ({ group }) => group.source ?? ''],
  ['issued', ({ issued }) => issued],
  ['redeemed', ({ redeemed }) => redeemed],
  ['rate', ({ issued, redeemed }) => `${((100 * redeemed) / issued).toFixed(1)} %`],
];

/** The funnel as a table, a line for each campaign and one for all. */
export function tableOf(lines) {
  const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
  const total = { campaign: 'all', group: {}, issued: sum('issued'), redeemed: sum('redeemed') };
  const rows = [columns.map(([name]) => name), ...[...lines, total].map(cellsOf)];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index].length)));
  return rows.map((row) =>
    row
      .map((cell, index) => (index < 2 ? cell.padEnd(widths[index]) : cell.padStart(widths[index])))
      .join('  '),
  );
}

const cellsOf = (line) => columns.map(([, cell]) => String(cell(line)));

/** `figures`: [label, number][]; one bar each. */
export function barsOf(figures) {
  const most = Math.max(1, ...figures.map(([, figure]) => figure));
  const width = Math.max(...figures.map(([label]) => label.length));
  return figures.map(
    ([label, figure]) =>
      `${label.padEnd(width)}  ${'█'.repeat(Math.round((barWidth * figure) / most))} ${figure}`,
  );
}

/** The same bars for a browser; each with its part that was redeemed. */
export function svgOf(lines) {
  const [rowHeight, left, width] = [22, 60, 640];
  const most = Math.max(1, ...lines.map(({ issued }) => issued));
  const bars = lines.map(({ campaign, issued, redeemed }, index) => {
    const y = 40 + index * rowHeight;
    const [long, short] = [issued, redeemed].map((figure) => ((width * figure) / most).toFixed(1));
    return (
      `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${campaign}</text>` +
      `<rect x="${left}" y="${y}" width="${long}" height="16" fill="#c9cbf3"/>` +
      `<rect x="${left}" y="${y}" width="${short}" height="16" fill="#3b3fd8"/>` +
      `<text x="${left + Number(long) + 6}" y="${y + 13}">${redeemed} of ${issued}</text>`
    );
  });
  const height = 56 + lines.length * rowHeight;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 ${height}" font-family="sans-serif" font-size="12">` +
    `<title>Coupons redeemed of those issued, by campaign</title><rect width="800" height="${height}" fill="#fff"/>` +
    `<text x="${left}" y="24" font-size="15">Coupons redeemed of those issued, by campaign</text>${bars.join('')}</svg>\n`
  );
}
