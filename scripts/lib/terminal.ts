import { demoPeople } from '#db/demo/people.ts'
import { demoPorts } from './demo-environment.ts'

const isTerminal = process.stdout.isTTY === true
const styled = (code: string) => (text: string) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text)
const bold = styled('1')
const dim = styled('2')

const PARTS_SHOWN = [
  ...(['holder', 'delegate', 'operator', 'accountant', 'manager', 'editor'] as const),
  ...(['reader', 'cook', 'schoolOffice', 'teacher', 'unknown'] as const),
]

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `    ${left.padEnd(width)}  ${right}`).join('\n')
}

/** What a person needs to try the demonstration, on one screen. */
export function demoScreen(port: number, logs: string): string {
  const ports = demoPorts(port)
  const people = PARTS_SHOWN.map((part) => demoPeople[part])
  return `
  ${bold('Refettorio')}, dimostrazione · ${bold(`http://localhost:${port}`)}

  Entra con SPID o CIE e scegli una di queste persone inventate:
${table(people.map((person) => [`${person.givenName} ${person.familyName}`, person.who] as const))}

  Qui nulla è vero:
${table([
  ['SPID e CIE', `http://localhost:${ports.identity}`],
  ['Pagamenti', `http://localhost:${ports.payments}  nessun denaro si muove`],
  ['Posta e SMS', `http://localhost:${ports.mail}  i messaggi che partirebbero`],
])}

  ${dim(`Ufficio: http://localhost:${port}/admin · Registri: ${logs}`)}
  ${dim('Ctrl+C per fermare tutto; i dati restano per la prossima volta.')}
`
}

/** One line that tells what is being done, replaced by the next one on a terminal. */
export function showStep(words: string): void {
  if (isTerminal) process.stdout.write(`\r\u001b[K  ${words}…`)
  else process.stdout.write(`${words}…\n`)
}

export function clearStep(): void {
  if (isTerminal) process.stdout.write('\r\u001b[K')
}
