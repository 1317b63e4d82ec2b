import { describe, expect, it } from 'vitest'
import { calendarPath, readCalendarAddress } from '#lib/meals/meal.address.ts'

const GRETA = '0190a1b2-0000-7000-8000-000000000001'

describe('the address of the calendar', () => {
  it('asks for the first child and the month of today when it says nothing', () => {
    expect(readCalendarAddress({})).toEqual({ child: null, month: null, view: 'mese' })
  })

  it('asks for a child, a month and the list', () => {
    expect(readCalendarAddress({ figlio: GRETA, mese: '2026-12', vista: 'elenco' })).toEqual({
      child: GRETA,
      month: '2026-12',
      view: 'elenco',
    })
  })

  it.each(['2026-13', '2026-1', 'dicembre', ''])('counts the month %j as not said', (mese) => {
    expect(readCalendarAddress({ mese })?.month).toBeNull()
  })

  it.each(['', 'greta', `${GRETA}0`, 'TUTTI'])('leads to no page for the child %j', (figlio) => {
    expect(readCalendarAddress({ figlio })).toBeNull()
  })

  it.each([
    { child: GRETA, month: '2026-12', view: 'elenco' },
    { child: 'tutti', month: '2027-01', view: 'mese' },
  ] as const)('reads back what it wrote for $child', (at) => {
    const { searchParams } = new URL(calendarPath('mozzecane', at), 'https://esempio.it')
    expect(readCalendarAddress(Object.fromEntries(searchParams))).toEqual(at)
  })
})
