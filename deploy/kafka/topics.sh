#!/usr/bin/env bash
# Made by `npm run docs:generate` from contracts and services: change those, never this file.
# BOOTSTRAP=host:port CLIENT_CONFIG=an-administrator.properties, with the folder of Kafka's tools in PATH.
set -euo pipefail
: "${BOOTSTRAP:?is not set: host:port of a broker}" "${CLIENT_CONFIG:?is not set: the properties of an administrator}"

# PARTITIONS REPLICAS SETTINGS TOPIC…
create() {
  local settings=() setting topic
  for setting in $3; do settings+=(--config "$setting"); done
  for topic in "${@:4}"; do
    kafka-topics.sh --bootstrap-server "$BOOTSTRAP" --command-config "$CLIENT_CONFIG" --create --if-not-exists \
      --topic "$topic" --partitions "$1" --replication-factor "$2" "${settings[@]}"
  done
}
create 4 3 'retention.ms=3024000000 cleanup.policy=delete max.message.bytes=8388608 unclean.leader.election.enable=false min.insync.replicas=2' \
  organisations \
  pcn-memberships \
  quality-services \
  submissions \
  achievements \
  declarations \
  approvals \
  payments
create 1 3 'retention.ms=3024000000 cleanup.policy=delete max.message.bytes=8388608 unclean.leader.election.enable=false min.insync.replicas=2' \
  barriers
create 1 3 'retention.ms=7776000000 cleanup.policy=delete max.message.bytes=8388608 unclean.leader.election.enable=false min.insync.replicas=2' \
  organisations.organisations.dlq \
  quality-services.organisations.dlq \
  barriers.organisations.dlq \
  organisations.catalogue.dlq \
  quality-services.catalogue.dlq \
  barriers.catalogue.dlq \
  organisations.extraction-intake.dlq \
  quality-services.extraction-intake.dlq \
  barriers.extraction-intake.dlq \
  organisations.aggregation.dlq \
  pcn-memberships.aggregation.dlq \
  quality-services.aggregation.dlq \
  submissions.aggregation.dlq \
  barriers.aggregation.dlq \
  organisations.declaration-workflow.dlq \
  pcn-memberships.declaration-workflow.dlq \
  quality-services.declaration-workflow.dlq \
  achievements.declaration-workflow.dlq \
  approvals.declaration-workflow.dlq \
  payments.declaration-workflow.dlq \
  barriers.declaration-workflow.dlq \
  organisations.commissioner-approval.dlq \
  quality-services.commissioner-approval.dlq \
  declarations.commissioner-approval.dlq \
  barriers.commissioner-approval.dlq \
  organisations.payment-export.dlq \
  quality-services.payment-export.dlq \
  declarations.payment-export.dlq \
  barriers.payment-export.dlq \
  organisations.messaging-centre.dlq \
  pcn-memberships.messaging-centre.dlq \
  quality-services.messaging-centre.dlq \
  declarations.messaging-centre.dlq
