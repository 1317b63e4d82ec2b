import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import RightToLeft from '#app/prova/da-destra/page.tsx'
import { setEnvironment } from '#tests/support/environment.ts'

test('the page of screens from right to left is there in a demonstration', () => {
  setEnvironment({ DEMO: '1' })
  expect(render(<RightToLeft />).container.querySelector('[dir="rtl"] main table.meals')).not.toBeNull()
})

test('every amount that stands alone is isolated, so that its sign and its € stay where they belong', () => {
  setEnvironment({ DEMO: '1' })
  const { container } = render(<RightToLeft />)
  const amounts = [...container.querySelectorAll('bdi')].map((one) =>
    one.textContent?.replace(/\u00a0/g, ' '),
  )
  expect(amounts).toEqual(expect.arrayContaining(['884,70 €', '−5,40 €', '+108,00 €', '54,00 €']))
  for (const one of container.querySelectorAll('bdi')) expect(one).toHaveAttribute('dir', 'ltr')
})

test('and not in the real service', () => {
  setEnvironment({ DEMO: '0' })
  expect(() => RightToLeft()).toThrow('NEXT_HTTP_ERROR_FALLBACK;404')
})
