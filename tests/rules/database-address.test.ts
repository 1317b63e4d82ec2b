import { describe, expect, test } from 'vitest'
import { namesSeveralComputers } from '#lib/kernel/database-address.ts'

describe('The address of the database', () => {
  test.each([
    'postgres://u:p@h1:5432,h2:5432/db',
    'postgres://u@h1,h2/db',
    'postgresql://h1,h2/db?sslmode=require',
    'postgres://u@h1,h2',
    'postgres:///db?host=h1,h2',
    'postgres://u@localhost/db?sslmode=require&host=%2Fa%2C%2Fb',
  ])('names several computers in %s', (url) => {
    expect(namesSeveralComputers(url)).toBe(true)
  })

  test.each([
    'postgres://u:p@h1:5432/db',
    'postgres://u:one,two@h1/db',
    'postgres://u@localhost/db?host=%2Frun%2Fpostgres',
    'postgres://u@h1/db?options=-c%20search_path%3Da,b',
    'postgres://u@h1/a,b',
  ])('names one in %s', (url) => {
    expect(namesSeveralComputers(url)).toBe(false)
  })
})
