import { describe, expect, test } from 'vitest'
import { outagesIn } from '#lib/health/outage.ts'
import { outagesInWords } from '#lib/health/outage.words.ts'
import { italian } from '#lib/words/language.ts'

const at = (time: string) => new Date(`2026-11-24T${time}:00+01:00`)
const beats = (...times: string[]) => times.map(at)
const MORNING = { from: at('06:00'), to: at('12:00') }
const gaps = (...times: string[]) =>
  outagesIn(beats(...times), MORNING).map(({ from, to }) =>
    [from, to].map((instant) => instant.toISOString().slice(11, 16)).join('–'),
  )

describe('The minutes in which the portal did not answer', () => {
  test('lie between two heartbeats, from the first minute without one', () => {
    expect(gaps('09:10', '09:11', '09:41', '09:42')).toEqual(['08:12–08:41'])
  })

  test('are none while a heartbeat comes every minute, and at a restart of two', () => {
    expect(gaps('09:10', '09:11', '09:12')).toEqual([])
    expect(gaps('09:10', '09:13')).toEqual([])
    expect(gaps('09:10', '09:14')).toEqual(['08:11–08:14'])
  })

  test('are told one by one', () => {
    expect(gaps('08:00', '08:10', '09:00')).toEqual(['07:01–07:10', '07:11–08:00'])
  })

  test('are none before the first heartbeat and after the last: nothing is known there', () => {
    expect(gaps()).toEqual([])
    expect(gaps('09:00')).toEqual([])
  })

  test('are cut at the ends of the time in question, and left out beyond it', () => {
    expect(gaps('05:00', '06:20')).toEqual(['05:00–05:20'])
    expect(gaps('11:00', '13:00')).toEqual(['10:01–11:00'])
    expect(gaps('04:00', '05:30', '06:00')).toEqual([])
  })
})

test('the outages of a day are one sentence, in the hours of Italy', () => {
  const [one, two] = [
    { from: at('09:12'), to: at('09:41') },
    { from: at('10:02'), to: at('10:09') },
  ] as const
  expect(outagesInWords([one], italian)).toBe('Il portale non era raggiungibile dalle 9:12 alle 9:41')
  expect(outagesInWords([one, two], italian)).toBe(
    'Il portale non era raggiungibile dalle 9:12 alle 9:41 e dalle 10:02 alle 10:09',
  )
})
