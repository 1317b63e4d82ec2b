import { Writable } from 'node:stream'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { describeDefect } from '#lib/kernel/defect.ts'
import { logOptions } from '#lib/kernel/log.ts'

/** An error as the database's driver throws it. */
const databaseError = (code: string, message: string) =>
  Object.assign(new Error(message), {
    name: 'error',
    severity: 'ERROR',
    code,
    detail: 'Key (fiscal_code)=(RSSMRA85T10A562S) already exists.',
    where: 'unnamed portal parameter $1 = ...',
    query: "insert into person values ('Mario Rossi')",
    parameters: ['mario@example.it'],
  })

/** The line that an object becomes in the log. */
function lineOf(object: object): string {
  let line = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      line += String(chunk)
      done()
    },
  })
  pino(logOptions('error'), sink).error(object, 'duty failed')
  return line
}

describe('the log', () => {
  it('says of a database error what failed and where, and nothing of the row', () => {
    const cause = databaseError('23505', 'duplicate key value violates unique constraint "person_code"')
    const line = lineOf({ duty: 'send mail', err: new Error('not written', { cause }) })
    for (const told of ['not written', 'person_code', '23505', 'defect.test.ts', 'send mail'])
      expect(line).toContain(told)
    for (const kept of ['RSSMRA85T10A562S', 'Mario Rossi', 'mario@example.it', 'parameter'])
      expect(line).not.toContain(kept)
  })

  it('writes one line of JSON for an error, with its digest once', () => {
    const error = Object.assign(new Error('first line\nsecond line'), { digest: '2881003765' })
    const line = lineOf({ digest: error.digest, err: error })
    expect(line.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(line)).toMatchObject({ digest: '2881003765', err: { type: 'Error' } })
    expect(line.split('2881003765')).toHaveLength(2)
  })
})

describe('a defect', () => {
  it.each([
    [databaseError('22P02', 'invalid input syntax for type uuid: "RSSMRA85T10A562S"')],
    [databaseError('22007', 'invalid input syntax for type date: "via Verdi 3"')],
    [new SyntaxError('Unexpected token R, "RSSMRA85T10A562S" is not valid JSON')],
  ])('leaves out the value that could not be read: %s', (error) => {
    const { message, stack } = describeDefect(error)
    expect(message).toMatch(/"…"/)
    expect(`${message}${stack}`).not.toMatch(/RSSMRA85T10A562S|via Verdi/)
  })

  it('ends at four causes, also where they go round', () => {
    const round = new Error('round')
    round.cause = round
    expect(JSON.stringify(describeDefect(round)).split('"round"')).toHaveLength(5)
  })

  it('has no content of what was thrown and is no error', () => {
    expect(describeDefect('Mario Rossi')).toEqual({ type: 'string', message: '' })
    expect(describeDefect(null)).toEqual({ type: 'object', message: '' })
  })
})
