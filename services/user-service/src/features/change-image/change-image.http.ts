import { fileErrors } from '@bigtech/files'
import { commonErrors, operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile } from '../../contract/schemas.ts'
import { refTo, UserIdParams } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import { changeImage, MAX_IMAGE_BYTES, removeImage, type ChangeImagePorts } from './change-image.ts'
import { readUpload, useImageBodies } from './image-body.http.ts'

export type ChangeImageRoutePorts = ChangeImagePorts

export async function changeImageHttp(app: App, ports: ChangeImageRoutePorts): Promise<void> {
  await app.register(async (scope: App) => {
    await useImageBodies(scope, MAX_IMAGE_BYTES)
    const upload = operation({
      id: 'putProfileImage',
      tag: 'profile',
      idempotent: false,
      summary: 'Set the profile image: a multipart form with one file, or the image itself as the body',
      consumes: ['multipart/form-data', 'image/png', 'image/jpeg', 'image/webp', 'image/gif'],
      body: Type.Object({ file: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) }),
      response: { 200: refTo(OwnProfile) },
      errors: [
        userErrors.IMAGE_MISSING,
        commonErrors.ONE_FILE_EXPECTED,
        userErrors.IMAGE_TOO_LARGE,
        userErrors.IMAGE_TYPE_UNSUPPORTED,
        fileErrors.IMAGE_UNREADABLE,
        fileErrors.FILE_STORAGE_UNAVAILABLE,
      ],
    })
    scope.put(
      '/profile/me/image',
      // The schema is for the documents: the body is a stream, checked by readUpload.
      { ...upload, bodyLimit: MAX_IMAGE_BYTES + 64 * 1024, validatorCompiler: () => () => true },
      async (request) => {
        const image = await readUpload(request, MAX_IMAGE_BYTES)
        return ownProfile(await changeImage(ports, principalOf(request).user_id, image), ports.imageUrl)
      },
    )
  })

  app.delete(
    '/profile/me/image',
    operation({
      id: 'deleteProfileImage',
      tag: 'profile',
      summary: 'Remove the profile image',
      response: { 200: refTo(OwnProfile) },
    }),
    async (request) => ownProfile(await removeImage(ports, principalOf(request).user_id), ports.imageUrl),
  )

  app.get(
    '/users/:id/image',
    operation({
      id: 'getProfileImage',
      tag: 'users',
      access: 'public',
      summary: 'The profile image (public, so that it can be shown in an img element)',
      params: UserIdParams,
      querystring: Type.Object({ v: Type.Optional(Type.String({ maxLength: 100 })) }),
      response: {
        200: Type.Unsafe<unknown>({
          description: 'the image',
          content: { 'image/webp': { schema: { type: 'string', format: 'binary' } } },
        }),
      },
      errors: [userErrors.IMAGE_NOT_FOUND],
    }),
    async (request, reply) => {
      const [user] = await ports.store.users.byIds([request.params.id])
      const blob = user?.image_key ? await ports.blobs.open(user.image_key) : undefined
      if (!blob) throw userErrors.IMAGE_NOT_FOUND()
      // The address of an image holds its key, so that what it names never changes.
      return reply
        .type('image/webp')
        .header('content-length', blob.size)
        .header('cache-control', request.query.v !== undefined ? 'public, max-age=86400' : 'public, max-age=60')
        .send(blob.stream)
    },
  )
}
