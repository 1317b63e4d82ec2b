import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { PortalOutages } from '#components/meals/portal-outages.tsx'
import { OfficePortalOutages } from '#components/office/portal-outages.tsx'
import { SilentWorker } from '#components/office/silent-worker.tsx'

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replace(/\u00a0/g, ' ')

const MORNING = {
  from: new Date('2026-11-24T09:12:00+01:00'),
  to: new Date('2026-11-24T09:41:00+01:00'),
}

test('a family reads when the portal could not be reached, and whom to tell', () => {
  const { container } = render(<PortalOutages outages={[MORNING]} phone="045 1234567" />)
  expect(textOf(container)).toContain('Il portale non era raggiungibile dalle 9:12 alle 9:41')
  expect(screen.getByRole('link', { name: '045 1234567' })).toHaveAttribute('href', 'tel:0451234567')
})

test('the office reads the same beside its counts', () => {
  const { container } = render(<OfficePortalOutages outages={[MORNING]} />)
  expect(textOf(container)).toContain('Il portale non era raggiungibile dalle 9:12 alle 9:41')
})

test('the office reads that the worker stands still, and its last sign', () => {
  const { container } = render(<SilentWorker since={MORNING.from} />)
  expect(screen.getByRole('heading', { name: 'Il lavoro automatico del portale è fermo' })).toBeVisible()
  expect(textOf(container)).toContain('Ultimo segno: 24/11/2026 alle 9:12.')
})

test('a day without an outage says nothing', () => {
  const { container } = render(
    <>
      <PortalOutages outages={[]} phone="045 1234567" />
      <OfficePortalOutages outages={[]} />
      <SilentWorker since={null} />
    </>,
  )
  expect(container).toBeEmptyDOMElement()
})
