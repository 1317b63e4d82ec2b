import { expect, test } from 'vitest'
import { isDatabaseAway } from '#lib/web/database-failure.ts'

const failing = (message: string, properties: object = {}) => Object.assign(new Error(message), properties)

test.each<[string, unknown, boolean]>([
  ['no connection that is free', failing('timeout exceeded when trying to connect'), true],
  ['a server that says nothing', failing('Query read timeout'), true],
  ['a connection that ended', failing('Connection terminated unexpectedly'), true],
  ['a full disk', failing('', { code: '53100' }), true],
  ['too many connections', failing('', { code: '53300' }), true],
  ['a server that only reads', failing('', { code: '25006' }), true],
  ['a server that stops', failing('', { code: '57P01' }), true],
  ['a statement that takes too long', failing('', { code: '57014' }), true],
  ['a port on which nothing listens', failing('', { code: 'ECONNREFUSED' }), true],
  ['a socket that is not there', failing('', { code: 'ENOENT', syscall: 'connect' }), true],
  ['one of these below another error', failing('', { cause: failing('', { code: '53100' }) }), true],
  ['a file that is not there', failing('', { code: 'ENOENT', syscall: 'open' }), false],
  ['a broken rule of the schema', failing('', { code: '23505' }), false],
  ['a mistake of ours', failing('undefined is not a function'), false],
  ['what is no error', '53100', false],
])('%s', (_what, error, isAway) => {
  expect(isDatabaseAway(error)).toBe(isAway)
})
