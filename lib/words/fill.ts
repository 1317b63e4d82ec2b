/**
 * A sentence with elements in it: `fill(t('Leggi le {questions}.'), { questions: <a href="…">{t('domande')}</a> })`.
 * A translation may put them in another order.
 * @returns the pieces in order, for JSX to draw
 */
export function fill<Node>(sentence: string, nodes: Readonly<Record<string, Node>>): (string | Node)[] {
  return sentence
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 ? (nodes[piece] ?? piece) : piece))
    .filter((piece) => piece !== '')
}
