#!/usr/bin/env bash
# Made by `npm run docs:generate` from contracts and services: change those, never this file.
# BOOTSTRAP=host:port CLIENT_CONFIG=an-administrator.properties, with the folder of Kafka's tools in PATH.
set -euo pipefail
: "${BOOTSTRAP:?is not set: host:port of a broker}" "${CLIENT_CONFIG:?is not set: the properties of an administrator}"

# USER RESOURCE PATTERN OPERATIONS NAME…: together what takes the same operations, because every call takes seconds.
grant() {
  local operations=() names=() operation name
  for operation in $4; do operations+=(--operation "$operation"); done
  for name in "${@:5}"; do names+=("--$2" "$name"); done
  kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$CLIENT_CONFIG" --add \
    --allow-principal "User:$1" --resource-pattern-type "$3" "${operations[@]}" "${names[@]}"
}

grant organisations topic literal 'Describe Read Write' organisations pcn-memberships barriers
grant organisations topic literal 'Describe Read' quality-services
grant organisations topic literal 'Describe' submissions achievements declarations approvals payments
grant organisations topic literal 'Describe Write' \
  organisations.organisations.dlq \
  quality-services.organisations.dlq \
  barriers.organisations.dlq
grant organisations group literal 'Read' organisations organisations.at-once
grant organisations group prefixed 'Read Delete' organisations.restore-

grant catalogue topic literal 'Describe Read' organisations
grant catalogue topic literal 'Describe' \
  pcn-memberships \
  submissions \
  achievements \
  declarations \
  approvals \
  payments
grant catalogue topic literal 'Describe Read Write' quality-services barriers
grant catalogue topic literal 'Describe Write' \
  organisations.catalogue.dlq \
  quality-services.catalogue.dlq \
  barriers.catalogue.dlq
grant catalogue group literal 'Read' catalogue catalogue.at-once
grant catalogue group prefixed 'Read Delete' catalogue.restore-

grant extraction-intake topic literal 'Describe Read' organisations quality-services
grant extraction-intake topic literal 'Describe' pcn-memberships achievements declarations approvals payments
grant extraction-intake topic literal 'Describe Read Write' submissions barriers
grant extraction-intake topic literal 'Describe Write' \
  organisations.extraction-intake.dlq \
  quality-services.extraction-intake.dlq \
  barriers.extraction-intake.dlq
grant extraction-intake group literal 'Read' extraction-intake extraction-intake.at-once
grant extraction-intake group prefixed 'Read Delete' extraction-intake.restore-

grant aggregation topic literal 'Describe Read' organisations pcn-memberships quality-services submissions
grant aggregation topic literal 'Describe Read Write' achievements barriers
grant aggregation topic literal 'Describe' declarations approvals payments
grant aggregation topic literal 'Describe Write' \
  organisations.aggregation.dlq \
  pcn-memberships.aggregation.dlq \
  quality-services.aggregation.dlq \
  submissions.aggregation.dlq \
  barriers.aggregation.dlq
grant aggregation group literal 'Read' aggregation aggregation.at-once
grant aggregation group prefixed 'Read Delete' aggregation.restore-

grant declaration-workflow topic literal 'Describe Read' \
  organisations \
  pcn-memberships \
  quality-services \
  achievements \
  approvals \
  payments
grant declaration-workflow topic literal 'Describe' submissions
grant declaration-workflow topic literal 'Describe Read Write' declarations barriers
grant declaration-workflow topic literal 'Describe Write' \
  organisations.declaration-workflow.dlq \
  pcn-memberships.declaration-workflow.dlq \
  quality-services.declaration-workflow.dlq \
  achievements.declaration-workflow.dlq \
  approvals.declaration-workflow.dlq \
  payments.declaration-workflow.dlq \
  barriers.declaration-workflow.dlq
grant declaration-workflow group literal 'Read' declaration-workflow declaration-workflow.at-once
grant declaration-workflow group prefixed 'Read Delete' declaration-workflow.restore-

grant commissioner-approval topic literal 'Describe Read' organisations quality-services declarations
grant commissioner-approval topic literal 'Describe' pcn-memberships submissions achievements payments
grant commissioner-approval topic literal 'Describe Read Write' approvals barriers
grant commissioner-approval topic literal 'Describe Write' \
  organisations.commissioner-approval.dlq \
  quality-services.commissioner-approval.dlq \
  declarations.commissioner-approval.dlq \
  barriers.commissioner-approval.dlq
grant commissioner-approval group literal 'Read' commissioner-approval commissioner-approval.at-once
grant commissioner-approval group prefixed 'Read Delete' commissioner-approval.restore-

grant payment-export topic literal 'Describe Read' organisations quality-services declarations
grant payment-export topic literal 'Describe' pcn-memberships submissions achievements approvals
grant payment-export topic literal 'Describe Read Write' payments barriers
grant payment-export topic literal 'Describe Write' \
  organisations.payment-export.dlq \
  quality-services.payment-export.dlq \
  declarations.payment-export.dlq \
  barriers.payment-export.dlq
grant payment-export group literal 'Read' payment-export payment-export.at-once
grant payment-export group prefixed 'Read Delete' payment-export.restore-

grant messaging-centre topic literal 'Describe Read' \
  organisations \
  pcn-memberships \
  quality-services \
  declarations \
  barriers
grant messaging-centre topic literal 'Describe' submissions achievements approvals payments
grant messaging-centre topic literal 'Describe Write' \
  organisations.messaging-centre.dlq \
  pcn-memberships.messaging-centre.dlq \
  quality-services.messaging-centre.dlq \
  declarations.messaging-centre.dlq
grant messaging-centre group literal 'Read' messaging-centre messaging-centre.at-once
grant messaging-centre group prefixed 'Read Delete' messaging-centre.restore-
