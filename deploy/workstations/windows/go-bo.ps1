<#
.SYNOPSIS
Gỡ Lá Chắn khỏi một máy trạm Windows: trả lại đúng những gì cai-dat.ps1 đã đặt.

.EXAMPLE
.\go-bo.ps1
#>
#Requires -RunAsAdministrator
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$policies = 'HKLM:\SOFTWARE\Policies'

function Remove-Value([string] $Path, [string] $Name) {
    if (Test-Path $Path) {
        Remove-ItemProperty -Path $Path -Name $Name -ErrorAction SilentlyContinue
    }
}

# Chứng chỉ của Lá Chắn mang tên tổ chức "Lá Chắn"; chứng chỉ khác không bị đụng đến.
Get-ChildItem Cert:\LocalMachine\Root |
    Where-Object { $_.Subject -like '*O=Lá Chắn*' } |
    Remove-Item

Remove-Value "$policies\Microsoft\Windows\CurrentVersion\Internet Settings" 'ProxySettingsPerUser'
Remove-Value 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings' 'AutoConfigURL'
foreach ($browser in 'Google\Chrome', 'Microsoft\Edge') {
    Remove-Value "$policies\$browser" 'QuicAllowed'
    Remove-Value "$policies\$browser" 'EncryptedClientHelloEnabled'
}
Remove-Value "$policies\Mozilla\Firefox\Certificates" 'ImportEnterpriseRoots'
Remove-Value "$policies\Mozilla\Firefox\Proxy" 'Mode'
Write-Host 'Đã gỡ Lá Chắn khỏi máy này. Đóng và mở lại trình duyệt.'
