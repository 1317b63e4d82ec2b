import { describe, expect, test } from 'vitest'
import { readAskedPeriod } from '#lib/audit/audit-period.address.ts'

const asked = { dal: '2026-11-01', al: '2026-11-23', motivo: 'Procura di Verona, richiesta 12' }

describe('the form of the registers', () => {
  test('needs a period and a reason', () => {
    expect(readAskedPeriod(asked)).toEqual({
      from: '2026-11-01',
      to: '2026-11-23',
      reason: 'Procura di Verona, richiesta 12',
    })
  })

  test('takes one day alone as a period', () => {
    expect(readAskedPeriod({ ...asked, dal: asked.al })).toMatchObject({ from: asked.al, to: asked.al })
  })

  test.each([
    [{ dal: '' }, { dal: 'Scegli il primo giorno' }],
    [{ al: '2026-02-31' }, { al: 'Scegli l’ultimo giorno' }],
    [{ dal: '2026-11-24' }, { al: 'L’ultimo giorno viene prima del primo' }],
    [{ motivo: '   ' }, { motivo: 'Scrivi chi lo chiede, e perché' }],
    [{ motivo: 'a'.repeat(201) }, { motivo: 'Al massimo 200 caratteri' }],
    [{ dal: ['2026-11-01', '2026-11-02'] }, { dal: 'Scegli il primo giorno' }],
  ])('%o is said at its field', (typed, problems) => {
    expect(readAskedPeriod({ ...asked, ...typed })).toEqual({ problems })
  })
})
