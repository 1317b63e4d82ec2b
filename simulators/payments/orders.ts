import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { wallClockInRome } from '#lib/kernel/day.ts'
import { type Faults, NO_FAULTS } from './faults.ts'

export type Operation = {
  operationId: string
  orderId: string
  operationType: 'AUTHORIZATION' | 'CAPTURE' | 'REFUND' | 'VOID'
  operationResult: string
  operationTime: string
  paymentMethod: 'CARD' | 'APM'
  paymentCircuit: string
  paymentInstrumentInfo: string
  paymentEndToEndId: string
  cancelledOperationId?: string
  operationAmount: string
  operationCurrency: string
}

export type Order = {
  orderId: string
  amount: string
  currency: string
  description: string
  customField: string
  service: 'CARDS' | 'MYBANK' | null
  resultUrl: string
  cancelUrl: string
  notificationUrl: string
  /** The unguessable part of the hosted page's address. */
  session: string
  securityToken: string
  createdAt: string
  operations: Operation[]
  faults: Faults
}

/** Something that happens later, kept with the state so that a restart does not lose it. */
export type Job =
  | {
      at: number
      kind: 'notify'
      orderId: string
      body: unknown
      attempt: number
    }
  | {
      at: number
      kind: 'result'
      orderId: string
      operationId: string
      result: string
    }

type State = {
  orders: Record<string, Order>
  jobs: Job[]
  refunds: Record<string, { fingerprint: string; operationId: string; operationTime: string }>
  nextOperation: number
  /** Switches for the next orders to be created, one entry each. */
  nextFaults: Partial<Faults>[]
}

const EMPTY: State = {
  orders: {},
  jobs: [],
  refunds: {},
  nextOperation: 3_470_744,
  nextFaults: [],
}

/** All the provider remembers. In memory; with a file, also across restarts. */
export type Store = ReturnType<typeof openStore>

export function openStore(file?: string) {
  const state: State = file ? load(file) : structuredClone(EMPTY)
  const save = () => {
    if (!file) return
    writeFileSync(`${file}.tmp`, JSON.stringify(state))
    renameSync(`${file}.tmp`, file)
  }
  const bySession = new Map(Object.values(state.orders).map((order) => [order.session, order]))

  return {
    save,
    orders: () => Object.values(state.orders),
    order: (orderId: string): Order | undefined =>
      Object.hasOwn(state.orders, orderId) ? state.orders[orderId] : undefined,
    orderOfSession: (session: string) => bySession.get(session),
    operation: (operationId: string) =>
      Object.values(state.orders)
        .flatMap((order) => order.operations)
        .find((operation) => operation.operationId === operationId),
    addOrder(order: Omit<Order, 'session' | 'securityToken' | 'createdAt' | 'operations' | 'faults'>): Order {
      const created: Order = {
        ...order,
        session: randomBytes(18).toString('base64url'),
        securityToken: randomUUID().replaceAll('-', ''),
        createdAt: new Date().toISOString(),
        operations: [],
        faults: { ...NO_FAULTS, ...state.nextFaults.shift() },
      }
      state.orders[created.orderId] = created
      bySession.set(created.session, created)
      save()
      return created
    },
    addOperation(
      order: Order,
      fields: Pick<Operation, 'operationResult' | 'paymentMethod' | 'paymentCircuit'> & Partial<Operation>,
    ): Operation {
      const operation: Operation = {
        operationId: String(state.nextOperation++),
        orderId: order.orderId,
        operationType: 'AUTHORIZATION',
        operationTime: new Date().toISOString(),
        paymentInstrumentInfo: '',
        paymentEndToEndId: randomUUID().replaceAll('-', ''),
        operationAmount: order.amount,
        operationCurrency: order.currency,
        ...fields,
      }
      order.operations.push(operation)
      save()
      return operation
    },
    peekNextFaults: (): Partial<Faults> => state.nextFaults[0] ?? {},
    dropNextFaults: () => {
      state.nextFaults.shift()
      save()
    },
    pushNextFaults: (faults: Partial<Faults>) => {
      state.nextFaults.push(faults)
      save()
    },
    addJob(job: Job) {
      state.jobs.push(job)
      save()
    },
    /** Takes the jobs whose time has come. */
    takeDueJobs(now: number): Job[] {
      const due = state.jobs.filter((job) => job.at <= now)
      if (due.length > 0) {
        state.jobs = state.jobs.filter((job) => job.at > now)
        save()
      }
      return due
    },
    refund: (key: string) => (Object.hasOwn(state.refunds, key) ? state.refunds[key] : undefined),
    rememberRefund(key: string, refund: State['refunds'][string]) {
      state.refunds[key] = refund
      save()
    },
  }
}

function load(file: string): State {
  try {
    return {
      ...structuredClone(EMPTY),
      ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<State>),
    }
  } catch (error) {
    const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isNew) return structuredClone(EMPTY)
    throw new Error(
      `the payments simulator cannot read its state in ${file}: delete that file to start afresh`,
      {
        cause: error,
      },
    )
  }
}

/** An instant as Nexi writes it: the wall clock of Italy, without a zone ("2023-11-28 12:41:46.724" beside an HTTP date of 11:41:46 GMT). */
const localTime = (iso: string): string =>
  `${wallClockInRome(Date.parse(iso)).replace('T', ' ')}.${iso.slice(20, 23)}`

/** An operation as the API and the notifications show it. */
export const shown = (operation: Operation) => ({
  channel: 'ECOMMERCE',
  ...operation,
  operationTime: localTime(operation.operationTime),
  additionalData: {},
})
