import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseAst } from 'vitest/node'

/** A function that is longer than a screen is read in two halves: it is two functions. */
const MOST_LINES = 70

/** Screens that are longer still, by name. The list only shrinks: a rule or a command is never on it. */
const TOO_LONG: readonly string[] = [
  'Accesses',
  'AnswerForm',
  'Aside',
  'AudienceFields',
  'Band',
  'ChildMenu',
  'CommunicationPage',
  'DataAccesses',
  'DecisionForm',
  'DelegationSheet',
  'DishForm',
  'Dishes',
  'Draft',
  'Editing',
  'EditorForm',
  'FamilyMonth',
  'FormBuilder',
  'FormPreview',
  'FormStart',
  'InviteForm',
  'LeftoverForm',
  'Leftovers',
  'MealReceipt',
  'MenuEditor',
  'OfficeFiguresView',
  'OfficeMenusPage',
  'OneDayChange',
  'PictureDialog',
  'PreviewForm',
  'Privacy',
  'PublishCard',
  'RichEditor',
  'ServiceSheet',
  'SiteFooter',
  'StatementFiltersForm',
  'StatementPage',
  'TopUpChooser',
  'TopUpPage',
  'WholeRotation',
  'questionsFor',
]

type Node = { type: string; start: number; end: number } & Record<string, unknown>
type Long = { file: string; name: string; lines: number }

/** The functions that stand at the top of a file, each with its name. */
function functionsOf(statement: Node): [name: string, body: Node][] {
  const declared = (statement.declaration as Node | null | undefined) ?? statement
  const nameOf = (node: unknown) => String((node as { name?: string } | null)?.name ?? 'default')
  if (declared.type === 'FunctionDeclaration') return [[nameOf(declared.id), declared]]
  if (declared.type !== 'VariableDeclaration') return []
  return (declared.declarations as Node[]).flatMap(({ id, init }): [string, Node][] => {
    const body = init as Node | null
    return body?.type === 'ArrowFunctionExpression' || body?.type === 'FunctionExpression'
      ? [[nameOf(id), body]]
      : []
  })
}

function longIn(file: string, text: string): Long[] {
  const { body } = parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }) as unknown as { body: Node[] }
  return body
    .flatMap(functionsOf)
    .map(([name, { start, end }]) => ({ file, name, lines: text.slice(start, end).split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES)
}

const LONG = globSync('{app,bench,bridge,browser,components,lib,scripts}/**/*.{ts,tsx}').flatMap((file) =>
  longIn(file, readFileSync(file, 'utf8')),
)

describe('a function', () => {
  test('is no longer than a screen, but for those that are listed', () => {
    const unlisted = LONG.filter(({ name }) => !TOO_LONG.includes(name))
    expect(unlisted.map(({ file, name, lines }) => `${file}: ${name}, ${lines} lines`)).toEqual([])
  })

  test('of a rule or a command is never longer', () => {
    expect(LONG.filter(({ file }) => file.startsWith('lib/'))).toEqual([])
  })

  test('goes from the list when it has become short', () => {
    const names = new Set(LONG.map(({ name }) => name))
    expect(TOO_LONG.filter((name) => !names.has(name))).toEqual([])
  })

  test('would be caught being too long', () => {
    const lines = Array.from({ length: MOST_LINES }, () => '  go()').join('\n')
    expect(longIn('lib/a.ts', `export function go() {\n${lines}\n}`)).toMatchObject([{ name: 'go' }])
    expect(longIn('lib/a.ts', `const go = () => {\n${lines}\n}`)).toMatchObject([{ name: 'go', lines: 72 }])
    expect(longIn('lib/a.ts', 'const go = () => {}')).toEqual([])
  })
})
