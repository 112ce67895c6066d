<#
.SYNOPSIS
Cài hoặc gỡ Lá Chắn cho mọi máy trong miền bằng Group Policy.

.DESCRIPTION
Chạy trên máy chủ miền (có module GroupPolicy), với quyền quản trị miền. Script tạo một chính sách
tên "La Chan" và chưa gắn vào đâu: gắn vào đơn vị (OU) thử trước bằng New-GPLink, rồi mới mở rộng.

.EXAMPLE
.\chinh-sach-nhom.ps1 -Proxy 10.0.0.2:3128 -Certificate .\lachan-ca.cer -Fingerprint AB:CD:...
.\chinh-sach-nhom.ps1 -Remove
#>
#Requires -RunAsAdministrator
#Requires -Modules GroupPolicy
[CmdletBinding(DefaultParameterSetName = 'Install')]
param(
    [Parameter(Mandatory, ParameterSetName = 'Install')] [string] $Proxy,
    [Parameter(Mandatory, ParameterSetName = 'Install')] [string[]] $Certificate,
    [Parameter(Mandatory, ParameterSetName = 'Install')] [string[]] $Fingerprint,
    [Parameter(Mandatory, ParameterSetName = 'Remove')] [switch] $Remove
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$name = 'La Chan'

if ($Remove) {
    # Mọi giá trị nằm trong khóa chính sách, nên máy trạm tự trả lại khi chính sách mất.
    Remove-GPO -Name $name
    Write-Host 'Đã gỡ chính sách. Trên máy trạm: gpupdate /force.'
    return
}

function Set-Value([string] $Key, [string] $ValueName, $Value, [string] $Type) {
    Set-GPRegistryValue -Name $name -Key $Key -ValueName $ValueName -Value $Value -Type $Type | Out-Null
}

New-GPO -Name $name -Comment 'Lá Chắn: chứng chỉ của cơ quan và địa chỉ cấu hình proxy' | Out-Null
foreach ($file in $Certificate) {
    $root = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 (Resolve-Path $file).Path
    $sha = [System.Security.Cryptography.SHA256]::Create().ComputeHash($root.RawData)
    $found = [System.BitConverter]::ToString($sha) -replace '-', ':'
    if ($Fingerprint -notcontains $found) { throw "Dấu vân tay khác bản giấy: $found" }
    # Dạng lưu của kho chứng chỉ: thuộc tính 32 (nội dung), 1, độ dài, rồi nội dung DER.
    $blob = [System.BitConverter]::GetBytes([int]32) + [System.BitConverter]::GetBytes([int]1) +
        [System.BitConverter]::GetBytes([int]$root.RawData.Length) + $root.RawData
    $key = "HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\Root\Certificates\$($root.Thumbprint)"
    Set-Value $key 'Blob' ([byte[]]$blob) 'Binary'
}
$policies = 'HKLM\SOFTWARE\Policies'
foreach ($browser in 'Google\Chrome', 'Microsoft\Edge') {
    Set-Value "$policies\$browser" 'ProxyMode' 'pac_script' 'String'
    Set-Value "$policies\$browser" 'ProxyPacUrl' "http://$Proxy/proxy.pac" 'String'
    Set-Value "$policies\$browser" 'QuicAllowed' 0 'DWord'
    Set-Value "$policies\$browser" 'EncryptedClientHelloEnabled' 0 'DWord'
}
Set-Value "$policies\Mozilla\Firefox\Certificates" 'ImportEnterpriseRoots' 1 'DWord'
Set-Value "$policies\Mozilla\Firefox\Proxy" 'Mode' 'autoConfig' 'String'
Set-Value "$policies\Mozilla\Firefox\Proxy" 'AutoConfigURL' "http://$Proxy/proxy.pac" 'String'
Write-Host "Đã tạo chính sách '$name'. Gắn vào OU thử: New-GPLink -Name '$name' -Target 'OU=...,DC=...'"
