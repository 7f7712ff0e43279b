/** A plain table for the terminal; widths count code points as the terminal shows them, so emoji don't bend the columns. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]) => `  ${cells.map((cell, column) => (column === cells.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell)))).join('  ')}`;
  return [line(head), line(widths.map((size) => '─'.repeat(size))), ...rows.map(line)].join('\n');
}

const graphemes = new Intl.Segmenter('nl', { granularity: 'grapheme' });

function width(text: string): number {
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (/\p{Extended_Pictographic}/u.test(segment) ? 2 : 1), 0);
}
