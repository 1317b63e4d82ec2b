import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import RightToLeft from '#app/prova/da-destra/page.tsx'
import { setEnvironment } from '#tests/support/environment.ts'

test('the page of screens from right to left is there in a demonstration', () => {
  setEnvironment({ DEMO: '1' })
  expect(render(<RightToLeft />).container.querySelector('[dir="rtl"] main table.meals')).not.toBeNull()
})

test('and not in the real service', () => {
  setEnvironment({ DEMO: '0' })
  expect(() => RightToLeft()).toThrow('NEXT_HTTP_ERROR_FALLBACK;404')
})
