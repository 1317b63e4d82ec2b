import { beforeAll, beforeEach, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { env } from '#lib/kernel/env.ts'
import { keepLanguage, languageCookies, wordsOfPerson } from '#lib/session/language.commands.ts'
import { openSessionCookie } from '#lib/session/session.queries.ts'
import { aSessionCookie } from '#tests/support/actors.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { aHousehold, aMunicipality, type Household, type TestMunicipality } from '#tests/support/factories.ts'

let municipality: TestMunicipality
let household: Household
let token: string
beforeAll(async () => {
  await testDatabase()
  await runClockFrom(new Date())
  municipality = await aMunicipality()
})
beforeEach(async () => {
  household = await aHousehold(municipality)
  const cookie = (await aSessionCookie(household.holder.citizenId)).split('=')[1]
  token = (await openSessionCookie(cookie, env().NEXTAUTH_SECRET)) ?? ''
})

const wordsOfMail = () =>
  asSystem(municipality.municipalityId, (trx) =>
    wordsOfPerson(trx, municipality.municipalityId, household.holder.personId),
  )

test('a person who never chose is written to in Italian', async () => {
  expect(await languageCookies(token, {})).toEqual([])
  expect((await wordsOfMail()).language).toBe('it')
})

test('the language of a browser is kept with the person, and mails speak it', async () => {
  expect(await languageCookies(token, { lingua: 'en' })).toEqual([])
  expect((await wordsOfMail())('Segna assente')).toBe('Mark absent')
})

test('the next browser gets it at sign-in, unless it has a choice of its own', async () => {
  await languageCookies(token, { lingua: 'en' })
  expect(await languageCookies(token, {})).toEqual([expect.stringContaining('lingua=en; Path=/')])
  expect(await languageCookies(token, { lingua: 'it' })).toEqual([])
  expect((await wordsOfMail()).language).toBe('it')
})

test('a person cannot choose for another, nor a language that does not exist', async () => {
  await languageCookies(token, { lingua: 'it' })
  expect(await keepLanguage('not a session', 'en')).toBeNull()
  expect(await languageCookies(token, { lingua: 'xx' })).toEqual([expect.stringContaining('lingua=it')])
  expect((await wordsOfMail()).language).toBe('it')
})
