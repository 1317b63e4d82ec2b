import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { demoEnvironment } from '#scripts/lib/demo-environment.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const environment = () => demoEnvironment(folder, 3000, { ownerUrl: 'postgres://o', webUrl: 'postgres://w' })

it('the demonstration makes its secrets once', () => {
  expect(environment()).toEqual(environment())
})

it('a demonstration from before a secret existed gets it at the next start, and keeps the others', () => {
  const before = environment()
  const file = path.join(folder, 'secrets.json')
  const secrets = JSON.parse(readFileSync(file, 'utf8'))
  delete secrets.environment.DEVICE_PEPPER
  writeFileSync(file, JSON.stringify(secrets))
  const after = environment()
  expect(after.DEVICE_PEPPER).toMatch(/^[\w+/]{43}=$/)
  expect(after).toEqual({ ...before, DEVICE_PEPPER: after.DEVICE_PEPPER })
  expect(environment()).toEqual(after)
})
