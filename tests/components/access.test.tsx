import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { MethodChoice } from '#components/access/method-choice.tsx'

const show = (isKnown: boolean) =>
  render(
    <MethodChoice
      municipalitySlug="mozzecane"
      returnPath="/mozzecane/profilo"
      logos={{ spid: null, cie: null }}
      isKnown={isKnown}
    />,
  )

test('the access page offers SPID and CIE, each with what it is and where to get it', () => {
  show(false)
  expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual([
    'Entra con SPID',
    'Entra con CIE',
  ])
  expect(screen.getByText(/^È il sistema unico di accesso/)).toBeVisible()
  expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual([
    'Scopri come richiederlo',
    'Scopri come ottenerla',
  ])
})

test('the confirmation shows the buttons alone, and leads back to the page before', () => {
  show(true)
  expect(screen.getAllByRole('button')).toHaveLength(2)
  expect(screen.queryByRole('link')).not.toBeInTheDocument()
  expect(screen.queryByText(/sistema unico/)).not.toBeInTheDocument()
  const form = screen.getByRole('button', { name: 'Entra con CIE' }).closest('form') as HTMLFormElement
  expect(Object.fromEntries(new FormData(form))).toMatchObject({
    metodo: 'cie',
    returnPath: '/mozzecane/profilo',
  })
})
