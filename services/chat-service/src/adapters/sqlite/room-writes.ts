import type { Writer } from '@bigtech/sql'
import type { RoomCommands } from '../../ports.ts'
import type { ChatCommands } from './commands.ts'

/** All of them happen in the writer thread. */
export const createRoomWrites = (writer: Writer<ChatCommands>): RoomCommands => ({
  openDirect: async (command) => (await writer.call('openDirect', command)).value,
  createGroup: async (command) => (await writer.call('createGroup', command)).value,
  addMembers: async (command) => (await writer.call('addMembers', command)).value,
  removeMember: async (command) => (await writer.call('removeMember', command)).value,
  hideDirect: async (command) => void (await writer.call('hideDirect', command)),
  rename: async (command) => (await writer.call('rename', command)).value,
  setRole: async (command) => (await writer.call('setRole', command)).value,
  setMuted: async (command) => void (await writer.call('setMuted', command)),
  setSettings: async (command) => void (await writer.call('setSettings', command)),
  setInvite: async (command) => (await writer.call('setInvite', command)).value,
  acceptInvitation: async (command) => (await writer.call('acceptInvitation', command)).value,
  declineInvitation: async (command) => (await writer.call('declineInvitation', command)).value,
  wasDone: async () => false,
  markRead: async (command) => (await writer.call('markRead', command)).value,
})
