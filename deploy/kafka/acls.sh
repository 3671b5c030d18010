#!/usr/bin/env bash
# Made by `npm run docs:generate` from contracts and services: change those, never this file.
# BOOTSTRAP=host:port CLIENT_CONFIG=an-administrator.properties, with the folder of Kafka's tools in PATH.
set -euo pipefail
allow() { kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$CLIENT_CONFIG" --add --allow-principal "User:$1" "${@:2}"; }
allow organisations --operation Describe --operation Read --operation Write --topic organisations
allow organisations --operation Describe --operation Read --operation Write --topic pcn-memberships
allow organisations --operation Describe --operation Read --topic quality-services
allow organisations --operation Describe --topic submissions
allow organisations --operation Describe --topic achievements
allow organisations --operation Describe --topic declarations
allow organisations --operation Describe --topic approvals
allow organisations --operation Describe --topic payments
allow organisations --operation Describe --operation Read --operation Write --topic barriers
allow organisations --operation Describe --operation Write --topic organisations.organisations.dlq
allow organisations --operation Describe --operation Write --topic quality-services.organisations.dlq
allow organisations --operation Describe --operation Write --topic barriers.organisations.dlq
allow organisations --operation Read --group organisations
allow organisations --operation Read --group organisations.at-once
allow organisations --operation Read --operation Delete --group organisations.restore- --resource-pattern-type prefixed
allow catalogue --operation Describe --operation Read --topic organisations
allow catalogue --operation Describe --topic pcn-memberships
allow catalogue --operation Describe --operation Read --operation Write --topic quality-services
allow catalogue --operation Describe --topic submissions
allow catalogue --operation Describe --topic achievements
allow catalogue --operation Describe --topic declarations
allow catalogue --operation Describe --topic approvals
allow catalogue --operation Describe --topic payments
allow catalogue --operation Describe --operation Read --operation Write --topic barriers
allow catalogue --operation Describe --operation Write --topic organisations.catalogue.dlq
allow catalogue --operation Describe --operation Write --topic quality-services.catalogue.dlq
allow catalogue --operation Describe --operation Write --topic barriers.catalogue.dlq
allow catalogue --operation Read --group catalogue
allow catalogue --operation Read --group catalogue.at-once
allow catalogue --operation Read --operation Delete --group catalogue.restore- --resource-pattern-type prefixed
allow extraction-intake --operation Describe --operation Read --topic organisations
allow extraction-intake --operation Describe --topic pcn-memberships
allow extraction-intake --operation Describe --operation Read --topic quality-services
allow extraction-intake --operation Describe --operation Read --operation Write --topic submissions
allow extraction-intake --operation Describe --topic achievements
allow extraction-intake --operation Describe --topic declarations
allow extraction-intake --operation Describe --topic approvals
allow extraction-intake --operation Describe --topic payments
allow extraction-intake --operation Describe --operation Read --operation Write --topic barriers
allow extraction-intake --operation Describe --operation Write --topic organisations.extraction-intake.dlq
allow extraction-intake --operation Describe --operation Write --topic quality-services.extraction-intake.dlq
allow extraction-intake --operation Describe --operation Write --topic barriers.extraction-intake.dlq
allow extraction-intake --operation Read --group extraction-intake
allow extraction-intake --operation Read --group extraction-intake.at-once
allow extraction-intake --operation Read --operation Delete --group extraction-intake.restore- --resource-pattern-type prefixed
allow aggregation --operation Describe --operation Read --topic organisations
allow aggregation --operation Describe --operation Read --topic pcn-memberships
allow aggregation --operation Describe --operation Read --topic quality-services
allow aggregation --operation Describe --operation Read --topic submissions
allow aggregation --operation Describe --operation Read --operation Write --topic achievements
allow aggregation --operation Describe --topic declarations
allow aggregation --operation Describe --topic approvals
allow aggregation --operation Describe --topic payments
allow aggregation --operation Describe --operation Read --operation Write --topic barriers
allow aggregation --operation Describe --operation Write --topic organisations.aggregation.dlq
allow aggregation --operation Describe --operation Write --topic pcn-memberships.aggregation.dlq
allow aggregation --operation Describe --operation Write --topic quality-services.aggregation.dlq
allow aggregation --operation Describe --operation Write --topic submissions.aggregation.dlq
allow aggregation --operation Describe --operation Write --topic barriers.aggregation.dlq
allow aggregation --operation Read --group aggregation
allow aggregation --operation Read --group aggregation.at-once
allow aggregation --operation Read --operation Delete --group aggregation.restore- --resource-pattern-type prefixed
allow declaration-workflow --operation Describe --operation Read --topic organisations
allow declaration-workflow --operation Describe --operation Read --topic pcn-memberships
allow declaration-workflow --operation Describe --operation Read --topic quality-services
allow declaration-workflow --operation Describe --topic submissions
allow declaration-workflow --operation Describe --operation Read --topic achievements
allow declaration-workflow --operation Describe --operation Read --operation Write --topic declarations
allow declaration-workflow --operation Describe --operation Read --topic approvals
allow declaration-workflow --operation Describe --operation Read --topic payments
allow declaration-workflow --operation Describe --operation Read --operation Write --topic barriers
allow declaration-workflow --operation Describe --operation Write --topic organisations.declaration-workflow.dlq
allow declaration-workflow --operation Describe --operation Write --topic pcn-memberships.declaration-workflow.dlq
allow declaration-workflow --operation Describe --operation Write --topic quality-services.declaration-workflow.dlq
allow declaration-workflow --operation Describe --operation Write --topic achievements.declaration-workflow.dlq
allow declaration-workflow --operation Describe --operation Write --topic approvals.declaration-workflow.dlq
allow declaration-workflow --operation Describe --operation Write --topic payments.declaration-workflow.dlq
allow declaration-workflow --operation Describe --operation Write --topic barriers.declaration-workflow.dlq
allow declaration-workflow --operation Read --group declaration-workflow
allow declaration-workflow --operation Read --group declaration-workflow.at-once
allow declaration-workflow --operation Read --operation Delete --group declaration-workflow.restore- --resource-pattern-type prefixed
allow commissioner-approval --operation Describe --operation Read --topic organisations
allow commissioner-approval --operation Describe --topic pcn-memberships
allow commissioner-approval --operation Describe --operation Read --topic quality-services
allow commissioner-approval --operation Describe --topic submissions
allow commissioner-approval --operation Describe --topic achievements
allow commissioner-approval --operation Describe --operation Read --topic declarations
allow commissioner-approval --operation Describe --operation Read --operation Write --topic approvals
allow commissioner-approval --operation Describe --topic payments
allow commissioner-approval --operation Describe --operation Read --operation Write --topic barriers
allow commissioner-approval --operation Describe --operation Write --topic organisations.commissioner-approval.dlq
allow commissioner-approval --operation Describe --operation Write --topic quality-services.commissioner-approval.dlq
allow commissioner-approval --operation Describe --operation Write --topic declarations.commissioner-approval.dlq
allow commissioner-approval --operation Describe --operation Write --topic barriers.commissioner-approval.dlq
allow commissioner-approval --operation Read --group commissioner-approval
allow commissioner-approval --operation Read --group commissioner-approval.at-once
allow commissioner-approval --operation Read --operation Delete --group commissioner-approval.restore- --resource-pattern-type prefixed
allow payment-export --operation Describe --operation Read --topic organisations
allow payment-export --operation Describe --topic pcn-memberships
allow payment-export --operation Describe --operation Read --topic quality-services
allow payment-export --operation Describe --topic submissions
allow payment-export --operation Describe --topic achievements
allow payment-export --operation Describe --operation Read --topic declarations
allow payment-export --operation Describe --topic approvals
allow payment-export --operation Describe --operation Read --operation Write --topic payments
allow payment-export --operation Describe --operation Read --operation Write --topic barriers
allow payment-export --operation Describe --operation Write --topic organisations.payment-export.dlq
allow payment-export --operation Describe --operation Write --topic quality-services.payment-export.dlq
allow payment-export --operation Describe --operation Write --topic declarations.payment-export.dlq
allow payment-export --operation Describe --operation Write --topic barriers.payment-export.dlq
allow payment-export --operation Read --group payment-export
allow payment-export --operation Read --group payment-export.at-once
allow payment-export --operation Read --operation Delete --group payment-export.restore- --resource-pattern-type prefixed
allow messaging-centre --operation Describe --operation Read --topic organisations
allow messaging-centre --operation Describe --operation Read --topic pcn-memberships
allow messaging-centre --operation Describe --operation Read --topic quality-services
allow messaging-centre --operation Describe --topic submissions
allow messaging-centre --operation Describe --topic achievements
allow messaging-centre --operation Describe --operation Read --topic declarations
allow messaging-centre --operation Describe --topic approvals
allow messaging-centre --operation Describe --topic payments
allow messaging-centre --operation Describe --operation Read --topic barriers
allow messaging-centre --operation Describe --operation Write --topic organisations.messaging-centre.dlq
allow messaging-centre --operation Describe --operation Write --topic pcn-memberships.messaging-centre.dlq
allow messaging-centre --operation Describe --operation Write --topic quality-services.messaging-centre.dlq
allow messaging-centre --operation Describe --operation Write --topic declarations.messaging-centre.dlq
allow messaging-centre --operation Read --group messaging-centre
allow messaging-centre --operation Read --group messaging-centre.at-once
allow messaging-centre --operation Read --operation Delete --group messaging-centre.restore- --resource-pattern-type prefixed
