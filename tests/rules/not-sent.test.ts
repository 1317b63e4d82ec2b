import { expect, test } from 'vitest'
import type * as z from 'zod'
import { saveCommunicationInput } from '#lib/communications/office/communication.input.ts'
import { dietCodeInput } from '#lib/diets/office/diet-code.input.ts'
import { fieldPartInput, formSettingsInput, stepPartInput } from '#lib/forms/office/form.input.ts'
import { dishInput } from '#lib/menus/office/menu.input.ts'
import { ratingInput } from '#lib/menus/rating.input.ts'
import { phoneInput } from '#lib/people/contact.input.ts'
import { saveQuestionnaireInput } from '#lib/questionnaires/office/questionnaire.input.ts'
import { bandWordsInput } from '#lib/tariffs/office/tariff.input.ts'

const ID = '018f7c1e-5b1a-7c3d-9e2f-0a1b2c3d4e5f'

const COMMUNICATION = {
  id: '',
  baseVersion: '0',
  kind: 'information',
  about: 'service',
  title: 'Gita',
  body: '<p>Gita</p>',
  to: 'everybody',
  acknowledgeBy: '',
  expiresAt: '',
}

const DIET = { code: 'D01', revision: '1', name: 'Senza lattosio', legend: '', from: '' }
const QUESTIONNAIRE = {
  id: '',
  version: '0',
  title: 'Menù',
  intro: '',
  per: 'child',
  opensAt: '',
  closesAt: '',
}
const PART = { formId: ID, number: '1', revision: '1', part: 'a', label: 'Dieta', hint: '', when: '' }

/** Texts that a record keeps: of each a form as its page sends it, and the name of the field. */
const STORED: [string, z.ZodType, Record<string, unknown>, string][] = [
  ['a telephone', phoneInput, { phone: '' }, 'phone'],
  [
    'the ingredients of a dish',
    dishInput,
    { id: '', revision: '0', name: 'Pasta', course: 'primo', declared: 'no', ingredients: '' },
    'ingredients',
  ],
  ['the words of a judgement', ratingInput, { pupilId: ID, serviceDayId: ID, comment: '' }, 'comment'],
  ['the end of a communication', saveCommunicationInput, COMMUNICATION, 'expiresAt'],
  ['the day by which it is confirmed', saveCommunicationInput, COMMUNICATION, 'acknowledgeBy'],
  [
    'the end of an online form',
    formSettingsInput,
    {
      formId: ID,
      number: '1',
      revision: '1',
      title: 'Dieta',
      intro: '',
      yearId: ID,
      opensAt: '2026-12-01T08:00',
      closesAt: '',
    },
    'closesAt',
  ],
  ['what the kitchen does for a diet', dietCodeInput, DIET, 'legend'],
  ['the first day of a diet', dietCodeInput, DIET, 'from'],
  [
    'the words of a band',
    bandWordsInput,
    { serviceId: ID, code: 'B', revision: '1', name: 'Ridotta', description: '' },
    'description',
  ],
  ['the opening of a questionnaire', saveQuestionnaireInput, QUESTIONNAIRE, 'opensAt'],
  ['the introduction of a step', stepPartInput, PART, 'hint'],
  ['the help of a question', fieldPartInput, PART, 'hint'],
  ['the condition of a question', fieldPartInput, PART, 'when'],
]

test.each(STORED)(
  'S20 %s is taken away by an empty field, and never by a field that was not sent',
  (_, input, form, field) => {
    expect(input.safeParse(form).error?.issues ?? []).toEqual([])
    const { [field]: _left, ...rest } = form
    expect(input.safeParse(rest).error?.issues.map(({ path }) => path[0])).toEqual([field])
  },
)
