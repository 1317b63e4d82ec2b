import { describe, expect, test } from 'vitest'
import { childNames, householdNames } from '#lib/access/told-apart.ts'

const household = (id: string, name: string, ...children: [string, string | null][]) => ({
  id,
  name,
  children: children.map(([givenName, className]) => ({ givenName, className })),
})

const child = (id: string, givenName: string, familyName: string, birthDay: string) => ({
  id,
  givenName,
  familyName,
  birthDay,
})

describe('the families of one person', () => {
  test('have their names where these differ', () => {
    const names = householdNames([household('a', 'Albertini'), household('b', 'Conti')])
    expect([...names.values()]).toEqual(['Albertini', 'Conti'])
  })

  test('have their children’s names where the families have one name, and the classes where the children do', () => {
    const names = householdNames([
      household('a', 'Albertini', ['Greta', '1A'], ['Leo', '3B']),
      household('b', 'Albertini', ['Greta', '4C']),
      household('c', 'Albertini', ['Greta', null]),
      household('d', 'Conti', ['Ugo', '2A']),
    ])
    expect(Object.fromEntries(names)).toEqual({
      a: 'Albertini (Greta, Leo)',
      b: 'Albertini (Greta, 4C)',
      c: 'Albertini (Greta)',
      d: 'Conti',
    })
  })

  test('have the name alone where a merge left no child', () => {
    const names = householdNames([household('a', 'Albertini', ['Greta', '1A']), household('b', 'Albertini')])
    expect([...names.values()]).toEqual(['Albertini (Greta)', 'Albertini'])
  })
})

test('children of one given name have their surnames, or the year of birth, too', () => {
  const names = childNames([
    child('a', 'Greta', 'Albertini', '2018-03-01'),
    child('b', 'Greta', 'Conti', '2019-03-01'),
    child('c', 'Leo', 'Albertini', '2020-03-01'),
  ])
  expect([...names.values()]).toEqual(['Greta Albertini', 'Greta Conti', 'Leo'])
  const twice = childNames([
    child('a', 'Greta', 'Albertini', '2018-03-01'),
    child('b', 'Greta', 'Albertini', '2019-03-01'),
  ])
  expect([...twice.values()]).toEqual(['Greta Albertini (2018)', 'Greta Albertini (2019)'])
})
