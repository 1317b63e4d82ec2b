/** What a template literal says, with `$` for each value that is put in; templates inside of it stand where they are put in. */
function readTemplate(source: string, start: number): { text: string; end: number } {
  let text = ''
  let at = start
  while (source[at] !== '`') {
    if (source.startsWith('${', at)) {
      const inside = readValue(source, at + 2)
      text += inside.text
      at = inside.end
    } else {
      if (source[at] === '\\') at += 1
      text += source[at]
      at += 1
    }
  }
  return { text, end: at + 1 }
}

/** A value ends at its own brace. One with templates in it is their text, any other is `$`. */
function readValue(source: string, start: number): { text: string; end: number } {
  let depth = 1
  let at = start
  let texts = ''
  while (depth > 0) {
    const letter = source[at]
    if (letter === '`') {
      const { text, end } = readTemplate(source, at + 1)
      texts += ` ${text} `
      at = end
      continue
    }
    if (letter === "'") at = source.indexOf("'", at + 1)
    if (letter === '{') depth += 1
    if (letter === '}') depth -= 1
    at += 1
  }
  return { text: texts || '$', end: at }
}

/** The raw SQL of a source, each statement with its line. */
export function rawStatements(source: string): { line: number; text: string }[] {
  const starts = /\bsql(?:<[^`]*?>)?`/g
  const found: { line: number; text: string }[] = []
  let end = 0
  for (const match of source.matchAll(starts)) {
    const at = match.index + match[0].length
    if (at < end) continue
    const template = readTemplate(source, at)
    end = template.end
    found.push({ line: source.slice(0, at).split('\n').length, text: template.text })
  }
  return found
}

const NO_ALIAS = new Set(
  'where on set join left right inner cross full for order group limit returning union values select using and or having window'.split(
    ' ',
  ),
)

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/**
 * The relations of a statement that are not held to a municipality by a value of the statement.
 * @param tables the tables and views whose rows belong to a municipality
 */
export function relationsWithoutMunicipality(statement: string, tables: ReadonlySet<string>): string[] {
  const text = statement.replaceAll(/--.*/g, '').replaceAll(/'[^']*'/g, "''")
  const names = [
    ...text.matchAll(/\b(?:(?<!distinct )from|join|using|update)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?/g),
  ].flatMap(([, table = '', alias = '']) =>
    tables.has(table) ? [alias === '' || NO_ALIAS.has(alias) ? table : alias] : [],
  )
  // A sub-select of one table says its column alone.
  let alone = count(text, /(?<![\w.])municipality_id = (?:any\()?\$/g)
  const held = new Map<string, number>()
  return names.filter((name) => {
    const known =
      held.get(name) ?? count(text, new RegExp(`\\b${name}\\.municipality_id = (?:any\\()?\\$`, 'g'))
    held.set(name, known - 1)
    if (known > 0) return false
    alone -= 1
    return alone < 0
  })
}
