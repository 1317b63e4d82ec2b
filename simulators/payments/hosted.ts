import { NO_FAULTS, readFaults } from './faults.ts'
import type { Notifier } from './notifications.ts'
import type { Order, Store } from './orders.ts'
import { bankPage, closedPage, hostedPage, notFoundPage } from './pages.ts'
import { BANKS, cancel, isPaid, pay, settle, TEST_CARDS } from './payment.ts'

export type PageAnswer = { status: number; html: string } | { location: string }

const BANK_ANSWERS_LATER_MS = 20_000

const show = (html: string, status = 200): PageAnswer => ({ status, html })

/** What payers see and press: the card form, the list of banks, the bank's own page. */
export function hostedPages(context: { store: Store; notifier: Notifier; bankSessionMs: number }) {
  const { store } = context

  return function answer(method: string | undefined, path: string, form: URLSearchParams): PageAnswer {
    const [, , session, action] = path.split('/')
    const order = path.startsWith('/hpp/') && session ? store.orderOfSession(session) : undefined
    if (!order) return show(notFoundPage(), 404)
    if (method === 'GET' && !action) return show(hostedPage(order))
    if (method !== 'POST') return show(notFoundPage(), 404)
    if (action === 'guasti') return changeFaults(order, form)
    if (isPaid(order)) return show(hostedPage(order))
    switch (action) {
      case 'carta':
        return payByCard(order, form)
      case 'banca':
        return chooseBank(order, form)
      case 'risposta':
        return bankAnswers(order, form)
      case 'annulla':
        cancel(context, order)
        return { location: order.cancelUrl }
      default:
        return show(notFoundPage(), 404)
    }
  }

  function changeFaults(order: Order, form: URLSearchParams): PageAnswer {
    const faults = readFaults(Object.fromEntries(form))
    if (!faults) return show(hostedPage(order, 'Scelta non valida.'), 400)
    Object.assign(order.faults, NO_FAULTS, faults)
    store.save()
    return { location: `/hpp/${order.session}` }
  }

  function payByCard(order: Order, form: URLSearchParams): PageAnswer {
    const pan = (form.get('pan') ?? '').replace(/\D/g, '')
    const card = Object.hasOwn(TEST_CARDS, pan) ? TEST_CARDS[pan] : undefined
    if (order.service === 'MYBANK' || !card) {
      const message =
        'Questo numero non è una carta di prova. Usa una di quelle elencate: le carte vere non sono accettate.'
      return show(hostedPage(order, message), 422)
    }
    const instrument = `***${pan.slice(-4)}`
    pay(context, order, { result: card.result, method: 'CARD', circuit: card.circuit, instrument })
    return card.result === 'EXECUTED'
      ? { location: order.resultUrl }
      : show(hostedPage(order, 'Carta rifiutata. Nessun addebito: prova con un’altra carta o annulla.'))
  }

  function chooseBank(order: Order, form: URLSearchParams): PageAnswer {
    const bank = BANKS[Number(form.get('bank'))]
    if (order.service === 'CARDS' || !bank) {
      return show(hostedPage(order, 'Scegli una banca dall’elenco.'), 422)
    }
    const operation = pay(context, order, { result: 'PENDING', method: 'APM', circuit: 'MYBANK' })
    later(order, operation.operationId, 'EXPIRED', context.bankSessionMs)
    return show(bankPage(order, bank, operation.operationId))
  }

  function bankAnswers(order: Order, form: URLSearchParams): PageAnswer {
    const operationId = form.get('operation') ?? ''
    switch (form.get('answer')) {
      case 'approve':
        settle(context, order, operationId, 'EXECUTED')
        return { location: order.resultUrl }
      case 'reject':
        settle(context, order, operationId, 'DECLINED')
        return { location: order.resultUrl }
      case 'later':
        later(order, operationId, 'EXECUTED', BANK_ANSWERS_LATER_MS)
        return { location: order.resultUrl }
      default:
        return show(closedPage(order))
    }
  }

  function later(order: Order, operationId: string, result: string, afterMs: number): void {
    store.addJob({ at: Date.now() + afterMs, kind: 'result', orderId: order.orderId, operationId, result })
  }
}
