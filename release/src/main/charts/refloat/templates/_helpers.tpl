{{/* An image, from the values of one program and the chart: by its digest if there is one. */}}
{{- define "refloat.image" -}}
{{- $image := index . 0 -}}
{{- $chart := index . 1 -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $image.repository $image.digest | quote }}
{{- else -}}
{{ printf "%s:%s" $image.repository ($image.tag | default $chart.AppVersion) | quote }}
{{- end -}}
{{- end -}}
