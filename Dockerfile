# One target for each image: <service> as it is released, <service>-dev as `skaffold dev` runs it.
# To pin the base image: --build-arg NODE_IMAGE=node:24-trixie-slim@sha256:…
ARG NODE_IMAGE=node:24-trixie-slim

# What npm has to know and nothing else, so that a change of source leaves every installation below in the cache.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY many-to-many/package.json many-to-many/
COPY common/package.json common/
COPY migrations/package.json migrations/
COPY local/package.json local/
COPY services/author/package.json services/author/
COPY services/conference/package.json services/conference/
COPY services/gateway/package.json services/gateway/

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --include-workspace-root -w many-to-many -w common -w migrations
COPY tsconfig.base.json ./
COPY many-to-many many-to-many
COPY common common
COPY migrations migrations
COPY services services
RUN npx tsc -b services/author services/conference services/gateway \
 && find many-to-many/dist common/dist migrations/dist services/*/dist -type f ! -name '*.js' -delete

FROM manifests AS author-modules
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --omit=dev -w services/author
COPY cluster/sbom.mjs ./
RUN node sbom.mjs author

FROM manifests AS conference-modules
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --omit=dev -w services/conference
COPY cluster/sbom.mjs ./
RUN node sbom.mjs conference

FROM manifests AS gateway-modules
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --omit=dev -w services/gateway
COPY cluster/sbom.mjs ./
RUN node sbom.mjs gateway


# The released images: one service, what it needs, and a user by number, as Kubernetes wants to see it.

FROM ${NODE_IMAGE} AS released
ENV NODE_ENV=production
WORKDIR /app
# no service runs a package manager, and an intruder might
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
  /opt/yarn-* /usr/local/bin/yarn /usr/local/bin/yarnpkg
USER 1000

FROM released AS author-service
COPY --from=author-modules /app/sbom.cdx.json ./
COPY --from=author-modules /app/node_modules node_modules
COPY --from=author-modules /app/many-to-many many-to-many
COPY --from=author-modules /app/common common
COPY --from=author-modules /app/migrations migrations
COPY --from=author-modules /app/services/author services/author
COPY --from=build /app/many-to-many/dist many-to-many/dist
COPY --from=build /app/common/dist common/dist
COPY --from=build /app/migrations/dist migrations/dist
COPY --from=build /app/services/author/dist services/author/dist
EXPOSE 8070 9070
CMD ["node", "services/author/dist/main.js"]

FROM released AS conference-service
COPY --from=conference-modules /app/sbom.cdx.json ./
COPY --from=conference-modules /app/node_modules node_modules
COPY --from=conference-modules /app/many-to-many many-to-many
COPY --from=conference-modules /app/common common
COPY --from=conference-modules /app/migrations migrations
COPY --from=conference-modules /app/services/conference services/conference
COPY --from=build /app/many-to-many/dist many-to-many/dist
COPY --from=build /app/common/dist common/dist
COPY --from=build /app/migrations/dist migrations/dist
COPY --from=build /app/services/conference/dist services/conference/dist
EXPOSE 8080 9080
CMD ["node", "services/conference/dist/main.js"]

FROM released AS gateway-service
COPY --from=gateway-modules /app/sbom.cdx.json ./
COPY --from=gateway-modules /app/node_modules node_modules
COPY --from=gateway-modules /app/many-to-many many-to-many
COPY --from=gateway-modules /app/common common
COPY --from=gateway-modules /app/services/gateway services/gateway
COPY --from=build /app/many-to-many/dist many-to-many/dist
COPY --from=build /app/common/dist common/dist
COPY --from=build /app/services/gateway/dist services/gateway/dist
EXPOSE 8090 9090
CMD ["node", "services/gateway/dist/main.js"]


# For development: Node runs the TypeScript as it is, and nodemon starts it again when a file changes. The compiled
# files are there for the migrations and the reconciler's Jobs alone.

FROM manifests AS development-modules
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts -w services/author -w services/conference -w services/gateway

FROM ${NODE_IMAGE} AS development
WORKDIR /app
COPY --from=development-modules /app/node_modules node_modules
COPY --from=build /app/many-to-many/dist many-to-many/dist
COPY --from=build /app/common/dist common/dist
COPY --from=build /app/migrations/dist migrations/dist
COPY --from=build /app/services/author/dist services/author/dist
COPY --from=build /app/services/conference/dist services/conference/dist
COPY --from=build /app/services/gateway/dist services/gateway/dist
# the user owns the sources, because files are synced as that user
COPY --chown=1000:1000 many-to-many many-to-many
COPY --chown=1000:1000 common common
COPY --chown=1000:1000 migrations migrations
COPY --chown=1000:1000 services services
COPY cluster/nodemon.json ./
# no load balancer has to notice before the code that was changed may start
ENV NODE_ENV=development DRAIN=false NODE_COMPILE_CACHE=/tmp/compiled
USER 1000
ENTRYPOINT ["node", "node_modules/nodemon/bin/nodemon.js", "--watch", "many-to-many/src", "--watch", "common/src"]

FROM development AS author-service-dev
CMD ["--watch", "services/author/src", "services/author/src/main.ts"]

FROM development AS conference-service-dev
CMD ["--watch", "services/conference/src", "services/conference/src/main.ts"]

FROM development AS gateway-service-dev
CMD ["--watch", "services/gateway/src", "services/gateway/src/main.ts"]
