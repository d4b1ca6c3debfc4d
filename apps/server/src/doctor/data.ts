import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { probeReads } from '@bigtech/sql'
import { isModelFile } from '@bigtech/ai-service/adapters'
import type { Settings } from '../config.ts'
import { reasonOf } from '../data-identity.ts'
import { messageOf, type Finding } from './finding.ts'

/** The data folder, as far as can be looked at beside a server that runs. */
export async function lookAtData(settings: Settings): Promise<Finding[]> {
  if (settings.PROFILE !== 'embedded') return []
  const root = resolve(settings.DATA_DIR)
  const problem = folderProblem(root)
  if (problem !== undefined)
    return [
      {
        level: 'bad',
        about: 'data',
        says: `${root}: ${problem}`,
        todo: 'set DATA_DIR to a folder that this user may write',
      },
    ]
  if (!existsSync(join(root, 'user.db')))
    return [
      { level: 'note', about: 'data', says: `${root} has none yet; the first start makes it` },
      await model(settings),
    ]
  return [...completeness(root), secrecy(root), ...damaged(root), await model(settings)]
}

/** Why it cannot be used, or made. */
function folderProblem(root: string): string | undefined {
  try {
    let place = root
    while (!existsSync(place)) place = dirname(place)
    if (!statSync(place).isDirectory()) return `${place} is no folder`
    accessSync(place, constants.W_OK)
    // Some file systems of the kernel say that they can be written.
    rmdirSync(mkdtempSync(join(place, '.doctor-')))
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function completeness(root: string): Finding[] {
  try {
    const { databases } = JSON.parse(readFileSync(join(root, 'identity.json'), 'utf8')) as { databases: string[] }
    const missing = databases.filter((name) => !existsSync(join(root, name)))
    if (missing.length > 0)
      return [
        {
          level: 'bad',
          about: 'data',
          says: `${missing.join(', ')} is missing`,
          todo: 'restore the folder (npm run backup -- restore), or start with --accept-loss',
        },
      ]
  } catch (error) {
    return [
      {
        level: 'warn',
        about: 'data',
        says: `identity.json cannot be read: ${messageOf(error)}`,
        todo: 'restore it from a backup',
      },
    ]
  }
  return readdirSync(root)
    .filter((name) => name.endsWith('.db') && !['lock.db'].includes(name))
    .map((name): Finding => {
      const size = `${(statSync(join(root, name)).size / 1e6).toFixed(1)} MB`
      try {
        probeReads(join(root, name))
        return { level: 'ok', about: name, says: size }
      } catch (error) {
        return {
          level: 'bad',
          about: name,
          says: `cannot be read: ${reasonOf(error)}`,
          todo: 'npm run backup -- restore; keep the damaged folder',
        }
      }
    })
}

function secrecy(root: string): Finding {
  const { mode } = statSync(root)
  if ((mode & 0o077) === 0) return { level: 'ok', about: 'permissions', says: 'DATA_DIR is of its owner alone' }
  return {
    level: 'warn',
    about: 'permissions',
    says: 'others of this machine may look into DATA_DIR',
    todo: `chmod 700 ${root}`,
  }
}

function damaged(root: string): Finding[] {
  const aside = readdirSync(root).filter((name) => name.includes('.damaged-'))
  if (aside.length === 0) return []
  return [
    { level: 'warn', about: 'set aside', says: aside.join(', '), todo: 'save what can be saved, then delete them' },
  ]
}

async function model({ CARE_SPEECH, CARE_WHISPER_MODEL, DATA_DIR }: Settings): Promise<Finding> {
  if (CARE_SPEECH !== 'whisper') return { level: 'ok', about: 'speech', says: CARE_SPEECH }
  const file = CARE_WHISPER_MODEL ?? join(DATA_DIR, 'models', 'whisper.bin')
  if (await isModelFile(file)) return { level: 'ok', about: 'speech', says: 'the model is there' }
  if (CARE_WHISPER_MODEL !== undefined)
    return {
      level: 'warn',
      about: 'speech',
      says: `CARE_WHISPER_MODEL ${file} is no model; recordings get 503`,
      todo: 'name a ggml file of Whisper, or none: npm run care:model',
    }
  return { level: 'note', about: 'speech', says: 'there is no model; recordings get 503', todo: 'npm run care:model' }
}
